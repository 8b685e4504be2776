"""What answers to anything: schemathesis sends what each document allows, and what it does not.

No request meets a 5xx, and no answer is outside of the document: neither its status, nor its content type,
nor its shape. Seeds are fixed, so that a failure comes back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from config.wsgi import application
from customers.api.openapi.document import document
from customers.dialects import packages
from tests.openapi.book import TARGET, Book, make_book

CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
EXAMPLES = {POSITIVE: 16, NEGATIVE: 12}
CALLS = [
    (name, method.upper(), path)
    for name, package in packages().items()
    for path, methods in document(package)["paths"].items()
    for method in methods
]


@pytest.fixture
def one_connection(db) -> Iterator[None]:
    """Requests run in the test's transaction, so none of them may drop its connection at the end."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def book(one_connection, settings) -> Book:
    settings.RATE_LIMIT = "1000000/hour"
    settings.WEBHOOK_ALLOW_TARGETS = [TARGET]
    return make_book()


@cache
def loaded(name: str, mode: GenerationMode) -> Any:
    """The document as it is served. The key is ours to send; NUL and surrogates are never right."""
    wanted: dict[str, Any] = {"with-security-parameters": False}
    if mode is POSITIVE:
        wanted |= {"allow-x00": False, "codec": "utf-8"}
    config = schemathesis.Config.from_dict({"generation": wanted})
    path = f"/docs/{name}/openapi.json"
    return schemathesis.openapi.from_wsgi(path, application, config=config)


def aim(case: Any, known: dict[str, Any]) -> None:
    """Puts what is there in the place of made-up ids, and what makes sense in that of wild values."""
    for values in (case.path_parameters, case.body):
        if isinstance(values, dict):
            values.update({name: known[name] for name in values if name in known})


def send(operation: Any, mode: GenerationMode, book: Book, known: dict[str, Any]) -> Counter:
    """Calls an operation with all kinds of values, and counts the statuses of its answers."""
    statuses: Counter = Counter()

    @settings(
        max_examples=EXAMPLES[mode],
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        aimed=st.sampled_from([True] * 7 + [False]),
    )
    def call(case: Any, aimed: bool) -> None:
        if aimed:
            aim(case, known)
        answer = case.call(headers={"Authorization": f"Bearer {book.key}"})
        case.validate_response(answer, checks=CHECKS)
        statuses[answer.status_code] += 1

    call()
    return statuses


@pytest.mark.parametrize(("name", "method", "path"), CALLS)
def test_no_answer_is_outside_of_its_document(book, name, method, path):
    known, right, wrong = book.known(name, method, path), *both(name, method, path)
    answers = send(right, POSITIVE, book, known)
    assert min(answers) < 300, f"nothing of it ever worked: {answers}"
    if wrong.body or wrong.query:  # any text is a path: without more, nothing can be wrong
        send(wrong, NEGATIVE, book, known)


def both(name: str, method: str, path: str) -> list[Any]:
    return [loaded(name, mode)[path][method] for mode in (POSITIVE, NEGATIVE)]
