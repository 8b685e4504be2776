"""Schemathesis sends valid and invalid requests to every call of each document.

No response is a 5xx, and each has a documented status, content type and schema. Seeds are fixed, so that
failures are reproducible.
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

from customers.api.openapi.document import document
from customers.dialects import packages
from tests.openapi.book import TARGET, Book, create_book
from tests.openapi.strict import strict_application

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
    """Keep requests from closing the connection: they run in the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def book(one_connection, settings) -> Book:
    settings.RATE_LIMIT = "1000000/hour"
    settings.WEBHOOK_ALLOW_TARGETS = [TARGET]
    return create_book()


@cache
def load_schema(name: str, mode: GenerationMode) -> Any:
    """Load the served document. Tests send the key; texts have no NUL or surrogates."""
    wanted: dict[str, Any] = {"with-security-parameters": False}
    if mode is POSITIVE:
        wanted |= {"allow-x00": False, "codec": "utf-8"}
    config = schemathesis.Config.from_dict({"generation": wanted})
    path = f"/docs/{name}/openapi.json"
    return schemathesis.openapi.from_wsgi(path, strict_application, config=config)


def aim(case: Any, known_ids: dict[str, Any]) -> None:
    """Replace generated ids by existing ones, and wild values by plausible ones."""
    body = case.body if isinstance(case.body, dict) else {}
    items = body.get("items")
    for values in (case.path_parameters, body, *(items if isinstance(items, list) else ())):
        if isinstance(values, dict):
            values.update({name: known_ids[name] for name in values if name in known_ids})


def send(operation: Any, mode: GenerationMode, book: Book, known_ids: dict[str, Any]) -> Counter:
    """Call an operation with generated values, and count the response statuses."""
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
            aim(case, known_ids)
        answer = case.call(headers={"Authorization": f"Bearer {book.key}"})
        case.validate_response(answer, checks=CHECKS)
        statuses[answer.status_code] += 1

    call()
    return statuses


@pytest.mark.parametrize(("name", "method", "path"), CALLS)
def test_responses_match_the_document(book, name, method, path):
    known_ids, right, wrong = book.known_ids(name, method, path), *both(name, method, path)
    answers = send(right, POSITIVE, book, known_ids)
    assert min(answers) < 300, f"nothing of it ever worked: {answers}"
    if (
        wrong.body or wrong.query
    ):  # any text is a valid path, so a call with only a path has no invalid case
        send(wrong, NEGATIVE, book, known_ids)


def both(name: str, method: str, path: str) -> list[Any]:
    return [load_schema(name, mode)[path][method] for mode in (POSITIVE, NEGATIVE)]
