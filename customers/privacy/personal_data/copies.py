"""Tables whose rows repeat personal data without being about a customer: stored answers and sessions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

import orjson
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q

from customers.models import Customer
from customers.privacy.personal_data.tables import CODE, CopyTable, json_fragments
from stores.encryption import DecryptionError
from stores.models import IdempotentRequest
from stores.models.idempotency import answers_encryptor

MESSAGES = "_messages"  # what is to be shown on the next page, in a session
BATCH_SIZE = 500


def delete_answers(customer: Customer, texts: Iterable[str]) -> dict[str, int]:
    """Delete stored answers that show the customer. A retry of their requests is then a new request."""
    keys = Q(api_key__store=customer.store_id) | Q(api_key__store=None)
    rows, fragments = IdempotentRequest.objects.filter(keys), json_fragments(texts)
    found = [pk for pk, body in each_answer(rows) if shows(body, customer, fragments)]
    deleted, _ = IdempotentRequest.objects.filter(pk__in=found).delete()
    return {IdempotentRequest._meta.label: deleted}


def each_answer(rows: Any) -> Iterator[tuple[int, bytes]]:
    last = 0
    while True:
        batch = list(rows.filter(pk__gt=last).order_by("pk")[:BATCH_SIZE])
        for row in batch:
            try:
                yield row.pk, answers_encryptor.decrypt(row.body)
            except DecryptionError:  # the key is gone, so nobody can read it
                continue
        if len(batch) < BATCH_SIZE:
            return
        last = batch[-1].pk


def shows(body: bytes, customer: Customer, fragments: list[bytes]) -> bool:
    """Tell whether an answer shows the customer: its uid, or its key together with personal data."""
    if customer.uid.hex.encode() in body or str(customer.uid).encode() in body:
        return True
    # Manufacturing shows the key alone, and so may any row.
    has_text = any(fragment in body for fragment in fragments)
    return has_text and customer.pk in ids_in(body)


def ids_in(body: bytes) -> set[Any]:
    try:
        return set(values_of_id(orjson.loads(body)))
    except orjson.JSONDecodeError:
        return set()


def values_of_id(data: Any) -> Iterator[Any]:
    if isinstance(data, dict):
        if isinstance(data.get("id"), int):
            yield data["id"]
        data = [*data.values()]
    if isinstance(data, list):
        for part in data:
            yield from values_of_id(part)


def drop_messages(customer: Customer, texts: Iterable[str]) -> dict[str, int]:
    """Drop messages that wait in sessions and name the customer."""
    wanted, changed = [*texts], 0
    for session in Session.objects.all():
        data = session.get_decoded()
        messages = text_of_messages(data.get(MESSAGES) or "[]")
        if any(text in messages for text in wanted):
            del data[MESSAGES]
            session.session_data = SessionStore().encode(data)
            session.save(update_fields=["session_data"])
            changed += 1
    return {Session._meta.label: changed}


def text_of_messages(stored: str) -> str:
    """Return all that these messages say, as people read it: they are stored as JSON with HTML in it."""
    return unescape("\n".join(str(part) for message in json.loads(stored) for part in message))


ANSWER_COPIES = (
    CopyTable(
        IdempotentRequest,
        "Answers kept for retries",
        {
            "body": "The answer, encrypted. Deleted when it shows the customer.",
            "headers": "May hold the path of the customer. Deleted with the answer.",
            "key": "Chosen by the client's software. Deleted with the answer.",
            "fingerprint": CODE,
        },
    ),
    CopyTable(
        Session,
        "Messages in sessions of staff",
        {
            "session_data": "Messages that name the customer are dropped.",
            "session_key": "A random number.",
        },
    ),
)
