"""Turns every exception into a Problem, which the dialect then writes in its own format."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import DisallowedHost
from django.db import (
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from django.http import Http404
from rest_framework.exceptions import MethodNotAllowed, ValidationError

from customers.api.dialect import Dialect, FieldError, Path, Problem
from customers.api.reader import RequestParseError
from stores.database.connections import is_missing_table_or_column
from stores.errors import Conflict, DomainError, Invalid, NotFound, Stale, refusal_of

logger = logging.getLogger(__name__)

RETRY_AFTER = {"Retry-After": "1"}
FOREIGN_KEY_VIOLATION = "23503"


class ApiError(Exception):
    """An error that the API layer itself raises; those of the domain are in `stores.errors`."""

    def __init__(self, code: str, **details: Any) -> None:
        self.problem = Problem(code, **details)
        super().__init__(code)


def invalid(name: str, code: str, message: str) -> ApiError:
    """Return the error for one invalid value, by its name in the body or query."""
    return ApiError("validation", errors=(FieldError((name,), code, message),))


def problem_of(error: BaseException, dialect: Dialect) -> Problem:
    """Return the Problem for an exception. An unexpected one is logged and becomes `internal`."""
    for types, make_problem in EXCEPTION_MAP:
        if isinstance(error, types):
            return make_problem(error, dialect)
    logger.error("unexpected error", exc_info=error)
    return Problem("internal")


def _api_error(error: ApiError, _: Dialect) -> Problem:
    return error.problem


def _domain_error(error: DomainError, dialect: Dialect) -> Problem:
    errors = (field_error(error, dialect),) if error.field else ()
    code = "conflict" if isinstance(error, Conflict) else "validation"
    return Problem(code, reason=error.code, errors=errors, data=error.data)


def field_error(error: DomainError, dialect: Dialect) -> FieldError:
    path = dialect.wire_path(error.field)
    return FieldError(path, error.code, dialect.error_message(error.code, error.data))


def _parse_error(error: RequestParseError, dialect: Dialect) -> Problem:
    if error.code in ("charset", "too_large"):
        return Problem(error.code)
    if error.code == "encoding":
        return Problem("charset", reason="encoding")
    if error.code == "query":
        return Problem("malformed", reason="query", data={"detail": error.detail})
    if error.code == "bad_text" and error.path:
        parts = re.findall(r"[^.\[\]]+", error.path)
        path = tuple(int(part) if part.isdecimal() else part for part in parts)
        message = dialect.error_message("bad_text")
        return Problem("validation", "bad_text", (FieldError(path, "bad_text", message),))
    detail = f"{error.path}: {error.detail}" if error.path else error.detail
    return Problem("malformed", reason="unreadable", data={"detail": detail})


def _validation_error(error: ValidationError, dialect: Dialect) -> Problem:
    return Problem("validation", errors=tuple(flatten(error.detail)))


def flatten(detail: Any, path: Path = ()) -> Iterator[FieldError]:
    """Yield the errors of a serializer, each with its path: `("addresses", 1, "city")`."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from flatten(inner, path if name == "non_field_errors" else (*path, name))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from flatten(inner, (*path, index) if nested else path)
    else:
        yield FieldError(path, detail.code, str(detail))


def _integrity_error(error: IntegrityError, dialect: Dialect) -> Problem:
    """Return the Problem for a broken constraint that no service expected, such as a row deleted meanwhile."""
    refusal = refusal_of(error)
    if refusal is not None:
        return _domain_error(refusal, dialect)
    if getattr(error.__cause__, "sqlstate", "") == FOREIGN_KEY_VIOLATION or "FOREIGN KEY" in str(
        error
    ):
        return Problem("conflict", reason="changed_meanwhile")
    logger.error("unexpected constraint", exc_info=error)
    return Problem("internal")


def _database_unavailable(error: Error, dialect: Dialect) -> Problem:
    refusal = refusal_of(error)
    if refusal is not None:
        return _domain_error(refusal, dialect)
    if is_missing_table_or_column(error):
        logger.error("unexpected error", exc_info=error)
        return Problem("internal")
    logger.warning("database unavailable", exc_info=error)
    return Problem("unavailable", headers=RETRY_AFTER)


EXCEPTION_MAP: list[tuple[Any, Callable[[Any, Dialect], Problem]]] = [
    (ApiError, _api_error),
    (NotFound, lambda error, _: Problem("not_found")),
    (Stale, lambda error, _: Problem("stale")),
    ((Invalid, Conflict), _domain_error),
    (RequestParseError, _parse_error),
    (ValidationError, _validation_error),
    (Http404, lambda error, _: Problem("not_found")),
    (MethodNotAllowed, lambda error, _: Problem("method_not_allowed")),
    (DisallowedHost, lambda error, _: Problem("malformed", reason="host")),
    (IntegrityError, _integrity_error),
    (DataError, lambda error, _: Problem("validation", reason="data")),
    ((OperationalError, InterfaceError, InternalError), _database_unavailable),
]
