"""The error responses of an operation, in the dialect's envelope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from customers.api.dialect import (
    DEFAULT_STATUSES,
    REASON_CODES,
    Dialect,
    FieldError,
    Problem,
)
from customers.api.openapi.inference import ANY_KEY, Named, OneOf, named, schema_of
from customers.api.openapi.response_headers import of_status
from customers.api.openapi.schemas import Schema

WRONG = FieldError((ANY_KEY,), "invalid", "This is not valid.")
WRONG_EMAIL = FieldError(("email",), "email", "Invalid email address")

ALWAYS = (
    Problem("malformed"),
    Problem("malformed", reason="host"),
    Problem("malformed", reason="query", data={"detail": "The query is not UTF-8."}),
    Problem("validation", errors=(WRONG,)),
    Problem("validation", reason="bad_text", errors=(WRONG,)),
    Problem("validation", reason="data"),
    Problem("invalid_cursor"),
    Problem("missing_key"),
    Problem("invalid_key"),
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
    Problem("charset", reason="encoding"),
)
OF_POSTS = (Problem("malformed", reason="idempotency_key"), Problem("idempotency_reused"))


def possible_problems(method: str, path: str) -> Iterator[Problem]:
    yield from ALWAYS
    if "{" in path:
        yield from OF_PATHS
    if method != "GET":
        yield from OF_WRITES
    if method == "POST":
        yield from OF_POSTS


def all_problems(problems_of_actions: Sequence[Problem]) -> list[Problem]:
    return [*ALWAYS, *OF_PATHS, *OF_WRITES, *OF_POSTS, *problems_of_actions]


def all_bodies(dialect: Dialect, problems_of_actions: Sequence[Problem]) -> list[Any]:
    """Return the bodies of all refusals, each as an example of the dialect's component for errors."""
    codes = {dialect.wire_code(code) for code in DEFAULT_STATUSES}
    codes |= {dialect.wire_code("malformed", reason) for reason in REASON_CODES}
    bodies = [body_of(dialect, problem) for problem in all_problems(problems_of_actions)]
    return [with_codes(body, sorted(codes)) for body in bodies]


def with_codes(body: Named, codes: Sequence[str]) -> Named:
    """Return the body with a code that may be any of these, if it has one."""
    error = body.get("error")
    if not isinstance(error, dict) or "code" not in error:
        return body
    inner = Named("Error", error | {"code": OneOf(*codes)})
    return Named(body.component, body | {"error": inner})


def body_of(dialect: Dialect, problem: Problem) -> Named:
    body = dialect.error_body(problem)
    if isinstance(body.get("error"), dict):
        return named("ErrorAnswer", body, error="Error")
    return Named(dialect.error_component(problem), body)


def responses(dialect: Dialect, problems_of_actions: Sequence[Problem]) -> dict[int, Schema]:
    """Return the dialect's error responses by status."""
    by_status: dict[int, list[Problem]] = {}
    for problem in all_problems(problems_of_actions):
        by_status.setdefault(dialect.status(problem), []).append(problem)
    return {status: response(dialect, status, group) for status, group in by_status.items()}


def response(dialect: Dialect, status: int, problems: list[Problem]) -> Schema:
    schema = schema_of([body_of(dialect, problem) for problem in problems])
    content = in_json(schema)
    content["application/json"]["examples"] = {
        problem.reason or problem.code: {"value": dialect.error_body(with_real_field(problem))}
        for problem in problems
    }
    description = dialect.error_message(problems[0].code)
    return {"description": description, "content": content, "headers": of_status(status)}


def with_real_field(problem: Problem) -> Problem:
    """Return the problem with a real field instead of the stand-in for any."""
    errors = (WRONG_EMAIL,) if problem.errors else ()
    return replace(problem, errors=errors)


def in_json(schema: Schema) -> Schema:
    return {"application/json": {"schema": schema}}
