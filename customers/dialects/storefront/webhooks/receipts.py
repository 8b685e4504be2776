"""A receiver of webhooks confirms that it has erased a customer. Its own secret signs; no API key is needed."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from customers.api.dialect import Problem
from customers.api.problems import ApiError, problem_of
from customers.api.reader import read_json
from customers.api.times import milliseconds
from customers.api.views import error_response, read_body
from customers.dialects.storefront.envelopes import item_envelope
from customers.dialects.storefront.wire import dialect
from customers.privacy.models.receipt import MAX_NOTE
from customers.privacy.services.confirming import confirm_by_receiver
from stores.errors import Invalid
from stores.models import Store, WebhookEndpoint
from stores.models.base import parse_uid
from stores.webhooks.verification import (
    SignatureMissing,
    SignatureOld,
    WrongSignature,
    require_signature,
)


@csrf_exempt
def receipts(request: HttpRequest, store_id: str, webhook_id: str) -> HttpResponse:
    """Answer POST `/stores/{storeId}/webhooks/{webhookId}/receipts`."""
    if request.method != "POST":
        response = error_response(dialect, Problem("method_not_allowed"))
        response["Allow"] = "POST"
        return response
    try:
        return confirm(request, store_id, webhook_id)
    except Exception as error:
        return error_response(dialect, problem_of(error, dialect))


def confirm(request: HttpRequest, store_id: str, webhook_id: str) -> HttpResponse:
    body = read_body(request)
    endpoint = find_endpoint(store_id, webhook_id)
    try:
        require_signature(endpoint, lower_case(request), body, timezone.now())
    except SignatureMissing:
        raise ApiError("missing_key", reason="signature_missing") from None
    except SignatureOld:
        raise ApiError("invalid_key", reason="signature_old") from None
    except WrongSignature:
        raise ApiError("invalid_key", reason="signature") from None
    assert endpoint is not None  # noqa: S101 # nobody has its secret
    fields = read_json(body, request.META.get("CONTENT_TYPE", ""))
    receipt = confirm_by_receiver(endpoint, customer_of(fields), note_of(fields))
    data = {
        "customerId": str(receipt.erasure.customer.uid),
        "confirmedAt": milliseconds(receipt.confirmed_at),
    }
    return HttpResponse(orjson.dumps(item_envelope(data)), "application/json")


def find_endpoint(store_id: str, webhook_id: str) -> WebhookEndpoint | None:
    store_uid, uid = parse_uid(store_id), parse_uid(webhook_id)
    if store_uid is None or uid is None:
        return None
    store = Store.objects.filter(uid=store_uid).first()
    if store is None:
        return None
    return WebhookEndpoint.objects.for_store(store).filter(uid=uid).select_related("store").first()


def lower_case(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def customer_of(fields: dict[str, Any]) -> Any:
    text = fields.get("customerId")
    if text is None:
        raise Invalid("required", "customer")
    uid = parse_uid(text) if isinstance(text, str) else None
    if uid is None:
        raise Invalid("unknown_id", "customer")
    return uid


def note_of(fields: dict[str, Any]) -> str:
    note = fields.get("note") or ""
    if not isinstance(note, str) or len(note) > MAX_NOTE:
        raise Invalid("too_long", "note", most=MAX_NOTE)
    return note
