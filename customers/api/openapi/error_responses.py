"""The error responses of an operation, in the dialect's envelope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from customers.api.dialect import Dialect, FieldError, Problem
from customers.api.openapi.inference import ANY_KEY, Schema, schema_of

WRONG = FieldError((ANY_KEY,), "invalid", "This is not valid.")

ALWAYS = (
    Problem("malformed"),
    Problem("validation", errors=(WRONG,)),
    Problem("validation", reason="bad_text", errors=(WRONG,)),
    Problem("validation", reason="data"),
    Problem("missing_key"),
    Problem("forbidden", reason="scope", data={"scope": "customers:read"}),
    Problem("forbidden", reason="store"),
    Problem("rate_limited"),
    Problem("internal"),
    Problem("unavailable"),
)
OF_PATHS = (Problem("not_found"),)
OF_WRITES = (
    Problem("conflict", reason="email_taken", errors=(WRONG,)),
    Problem("conflict", reason="changed_meanwhile"),
    Problem("stale"),
    Problem("too_large"),
    Problem("charset"),
)
OF_POSTS = (Problem("idempotency_reused"),)

HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
    503: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
}


def possible_problems(method: str, path: str) -> Iterator[Problem]:
    yield from ALWAYS
    if "{" in path:
        yield from OF_PATHS
    if method != "GET":
        yield from OF_WRITES
    if method == "POST":
        yield from OF_POSTS


def responses(dialect: Dialect, problems_of_actions: Sequence[Problem]) -> dict[int, Schema]:
    """Return the dialect's error responses by status."""
    by_status: dict[int, list[Problem]] = {}
    for problem in (*ALWAYS, *OF_PATHS, *OF_WRITES, *OF_POSTS, *problems_of_actions):
        by_status.setdefault(dialect.status(problem), []).append(problem)
    return {status: response(dialect, status, group) for status, group in by_status.items()}


def response(dialect: Dialect, status: int, problems: list[Problem]) -> Schema:
    schema = schema_of([dialect.error_body(problem) for problem in problems])
    headers = {"headers": HEADERS[status]} if status in HEADERS else {}
    description = dialect.error_message(problems[0].code)
    return {"description": description, "content": in_json(schema), **headers}


def in_json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}
