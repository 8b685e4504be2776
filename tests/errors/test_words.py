"""Every error code has a message for clients; domain codes also have one for staff."""

from __future__ import annotations

import pytest

from customers.api.dialect import DEFAULT_MESSAGES, DEFAULT_STATUSES
from customers.api.problems import problem_of
from customers.api.reader import RequestParseError
from customers.dialects import registered_dialects
from stores.admin.error_messages import ERROR_MESSAGES, error_message
from stores.errors import DomainError, NotFound, Stale
from tests.errors.raised_codes import (
    API_ERRORS,
    DOMAIN_ERRORS,
    PARSE_ERRORS,
    RaisedCode,
    raised_codes,
)

DOMAIN = raised_codes(DOMAIN_ERRORS)
API = raised_codes(API_ERRORS)
PARSE = raised_codes(PARSE_ERRORS)
# These reasons use their code's message; a dialect may still have its own.
REASONS_WITHOUT_WORDS = {"data", "scope", "store"}


def values(raised: RaisedCode) -> dict[str, str]:
    return dict.fromkeys(raised.data, "value")


def is_sentence(text: str) -> bool:
    """Return True when the text is not empty and has no unfilled placeholder."""
    return bool(text) and "{" not in text


@pytest.mark.parametrize("raised", DOMAIN, ids=str)
def test_refusal_has_a_message_for_clients(raised: RaisedCode) -> None:
    for dialect in registered_dialects():
        assert is_sentence(dialect.error_message(raised.code, values(raised)))


@pytest.mark.parametrize("raised", DOMAIN, ids=str)
def test_refusal_has_a_message_for_staff(raised: RaisedCode) -> None:
    assert is_sentence(error_message(DomainError(raised.code, **values(raised))))


@pytest.mark.parametrize("refusal", [NotFound(), Stale(3)], ids=lambda refusal: refusal.code)
def test_refusal_without_a_code_has_a_message(refusal: DomainError) -> None:
    assert is_sentence(error_message(refusal))
    for dialect in registered_dialects():
        assert is_sentence(dialect.problem_message(problem_of(refusal, dialect)))


@pytest.mark.parametrize("raised", API, ids=str)
def test_api_error_has_a_status_and_a_message(raised: RaisedCode) -> None:
    assert raised.code in DEFAULT_STATUSES
    has_words = raised.reason and raised.reason not in REASONS_WITHOUT_WORDS
    for dialect in registered_dialects():
        for code in (raised.code, raised.reason) if has_words else (raised.code,):
            assert is_sentence(dialect.error_message(code, values(raised)))


@pytest.mark.parametrize("raised", PARSE, ids=str)
def test_parse_error_has_a_message(raised: RaisedCode) -> None:
    for dialect in registered_dialects():
        problem = problem_of(RequestParseError(raised.code, "The body is odd.", "name"), dialect)
        assert is_sentence(dialect.problem_message(problem))
        assert all(is_sentence(error.message) for error in problem.errors)


def test_every_message_for_staff_is_used() -> None:
    assert set(ERROR_MESSAGES) == {raised.code for raised in DOMAIN} | {"not_found", "stale"}


def test_every_message_for_clients_is_used() -> None:
    raised = {code for each in [*DOMAIN, *API, *PARSE] for code in (each.code, each.reason)}
    assert set(DEFAULT_MESSAGES) <= raised
