"""The headers of responses, as components of a document."""

from __future__ import annotations

from customers.api.openapi.schemas import Schema


def header(schema: Schema, description: str) -> Schema:
    return {"schema": schema, "description": description}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "format": "int64"}

HEADERS = {
    "RequestId": header(
        TEXT,
        "The id of this request in the server's log: the `X-Request-Id` that was sent, or a new one.",
    ),
    "RateLimitLimit": header(NUMBER, "How many requests the key may make in each period."),
    "RateLimitRemaining": header(NUMBER, "How many requests are left in this period."),
    "RateLimitReset": header(NUMBER, "Seconds until the next period begins."),
    "RetryAfter": header(NUMBER, "Seconds to wait before the next try."),
    "ETag": header(
        TEXT,
        "Names what is shown of the customer now. Send it in `If-Match` to change only this, and in "
        "`If-None-Match` to read only what has changed.",
    ),
    "IdempotencyReplayed": header(
        TEXT,
        "`true` when this is the stored response of an earlier request with this Idempotency-Key.",
    ),
    "ContentLocation": header(
        TEXT,
        "Only when the customer was named by an old id, from before a merge: the path of the customer now.",
    ),
    "Authenticate": header(TEXT, "`Bearer`."),
}

ALWAYS = {"X-Request-Id": "RequestId"}
OF_KEYS = {
    "X-RateLimit-Limit": "RateLimitLimit",
    "X-RateLimit-Remaining": "RateLimitRemaining",
    "X-RateLimit-Reset": "RateLimitReset",
}
OF_STATUSES = {
    401: {"WWW-Authenticate": "Authenticate"},
    429: {**OF_KEYS, "Retry-After": "RetryAfter"},
    503: {"Retry-After": "RetryAfter"},
}
OF_VERSIONS = {"ETag": "ETag"}
OF_OLD_IDS = {"Content-Location": "ContentLocation"}
OF_POSTS = {"Idempotency-Replayed": "IdempotencyReplayed"}


def references(*groups: dict[str, str]) -> Schema:
    """Return the headers of a response, each as a reference to its component."""
    names = {header: component for group in groups for header, component in group.items()}
    return {
        header: {"$ref": f"#/components/headers/{component}"} for header, component in names.items()
    }


def of_status(status: int) -> Schema:
    """Return the headers of a refusal. Before the key is known there is no rate limit."""
    return references(ALWAYS, OF_STATUSES.get(status, OF_KEYS))
