"""`Idempotency-Key`: a repeated POST gets the stored response of the first one and is not executed again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone

from customers.api.problems import ApiError
from stores.database.constraint_names import constraint_name
from stores.encryption import DecryptionError
from stores.models import ApiKey, IdempotentRequest
from stores.models.idempotency import LIFETIME, answers_encryptor

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Content-Location")


class StoredResponse(Exception):
    """Raised to end a request early with the stored response of its first try."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


class IdempotentOperation:
    """A POST with an Idempotency-Key."""

    def __init__(self, api_key: ApiKey, key: str, request: bytes) -> None:
        if not 1 <= len(key) <= 255 or not all("!" <= char <= "~" for char in key):
            raise ApiError("malformed", reason="idempotency_key")
        self.api_key, self.key = api_key, key
        self.fingerprint = hashlib.sha256(request).hexdigest()

    def replay(self) -> None:
        """Raise StoredResponse when the response is stored already.

        Raises ApiError when the key was used with another request, and when the stored response cannot be
        decrypted because SECRET_KEY has changed.
        """
        stored = IdempotentRequest.objects.filter(
            api_key=self.api_key, key=self.key, created_at__gt=timezone.now() - LIFETIME
        ).first()
        if stored is None:
            return
        if stored.fingerprint != self.fingerprint:
            raise ApiError("idempotency_reused")
        try:
            raise StoredResponse(response_of(stored))
        except DecryptionError:
            raise ApiError("conflict", reason="answer_lost") from None

    def run(self, operation: Callable[[], HttpResponse]) -> HttpResponse:
        """Run the operation and store its response in one transaction.

        The same request sent at the same time waits here until the first one commits.
        """
        try:
            with transaction.atomic():
                row = self.claim()
                response = operation()
                row.status, row.body = (
                    response.status_code,
                    answers_encryptor.encrypt(response.content),
                )
                row.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
                row.save(update_fields=["status", "body", "headers"])
                return response
        except IntegrityError as error:
            if constraint_name(error) != "idempotency_key_once":
                raise
            self.replay()
            raise

    def claim(self) -> IdempotentRequest:
        """Insert the row of this key. Raises IntegrityError when another request has it."""
        rows = IdempotentRequest.objects.filter(api_key=self.api_key, key=self.key)
        rows.filter(created_at__lte=timezone.now() - LIFETIME).delete()
        return IdempotentRequest.objects.create(
            api_key=self.api_key, key=self.key, fingerprint=self.fingerprint
        )


def response_of(stored: IdempotentRequest) -> HttpResponse:
    response = HttpResponse(answers_encryptor.decrypt(stored.body), status=stored.status)
    for name, value in stored.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response
