"""Spellings of parameters and of ETags, and the codes of refused requests, in every dialect."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from tests.conformance.conftest import Caller, assert_refused, dig

# the error codes that two of the dialects have none of
WITH_CODES = ("bakery", "storefront", "erp")


@pytest.fixture
def named(caller: Caller) -> Caller:
    """Return a caller whose store has the customers Ann Lee and Bob Ray."""
    for first, last in (("Ann", "Lee"), ("Bob", "Ray")):
        email = f"{first.lower()}@example.com"
        template = caller.probe.named_body or {"called": "{first} {last}"}
        caller.call("POST", "", filled(template, first=first, last=last, email=email))
    return caller


def filled(template: Any, **values: str) -> Any:
    if isinstance(template, dict):
        return {name: filled(value, **values) for name, value in template.items()}
    return template.format(**values) if isinstance(template, str) else template


def found(caller: Caller, query: str) -> int:
    answer = caller.call("GET", f"?{query}")
    assert answer.status_code == 200, answer.content
    return len(dig(answer.json(), caller.probe.rows_at))


@pytest.mark.parametrize("ending", ["", "[]", "[0]", "%5B%5D", "[7]"])
def test_list_spelling_of_a_parameter_is_that_parameter(named, ending):
    search = named.probe.search
    if named.probe.name == "toy":
        pytest.skip("it has no parameters")
    value = "%25lee%25" if "like" in search else "lee"
    assert found(named, f"{search}{ending}={value}") == 1
    both = f"{search}{ending}={value}&{search}[1]={value}"
    assert_refused(named.call("GET", f"?{both}"), named, named.probe.invalid)


def test_parameter_with_a_word_in_brackets_is_refused(named):
    if named.probe.name == "toy":
        pytest.skip("it has no parameters")
    name = named.probe.bad_parameter.partition("=")[0]
    assert_refused(named.call("GET", f"?{name}[word]=1"), named, named.probe.invalid)
    assert found(named, "colour[]=red&colour[word]=red") == 2


def test_weak_form_of_the_etag_changes(caller):
    one = caller.create()
    method, change = caller.probe.update
    tag = caller.call("GET", one)["ETag"]
    assert caller.call(method, one, change, **{"If-Match": f"W/{tag}"}).status_code == 200
    assert_refused(caller.call(method, one, change, **{"If-Match": f"W/{tag}"}), caller, 412)


def code_of(answer: Any) -> str:
    return str(answer.json()["error"]["code"]).lower()


def test_code_says_what_is_wrong(caller):
    if caller.probe.name not in WITH_CODES:
        pytest.skip("its errors have no codes")
    body = gzip.compress(b'{"name": "Ann"}')
    answers = {
        "unsupported_encoding": caller.call("POST", "", raw=body, **{"Content-Encoding": "gzip"}),
        "invalid_host": caller.call("GET", "", Host="evil.example"),
        "invalid_query": caller.call("GET", "?" + "&".join(f"a{n}=1" for n in range(201))),
        "invalid_idempotency_key": caller.call(
            "POST", "", caller.probe.fresh_body(), **{"Idempotency-Key": "a b"}
        ),
        "invalid_json": caller.call("POST", "", raw=b"{"),
    }
    assert {code: code_of(answer) for code, answer in answers.items()} == {
        code: code for code in answers
    }
