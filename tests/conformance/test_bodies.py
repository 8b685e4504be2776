"""Bodies and queries that the strict reader refuses, in every dialect."""

from __future__ import annotations

import gzip
import json

import pytest

from customers.models import Customer
from tests.conformance.conftest import assert_refused, dig


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"a": ',
        b"[]",
        b'"text"',
        b"null",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b'{"a": 1234567890123456789}',
        b'{"a": "\xff"}',
        b'{"a": ' * 40 + b"1" + b"}" * 40,
    ],
)
def test_body_refused_by_the_reader_is_400(caller, raw):
    assert_refused(caller.call("POST", "", raw=raw), caller, 400)
    assert not Customer.objects.exists()


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b"])
def test_nul_and_lone_surrogates_are_400(caller, text):
    name = caller.probe.name_field
    raw = f'{{"{name}": "{text}"}}'.encode()
    assert_refused(caller.call("POST", "", raw=raw), caller, 400)


@pytest.mark.parametrize("name", ["²", "٣", "a[²]", "9" * 300])
def test_invalid_text_is_400_under_any_name(caller, name):
    raw = f'{{"{name}": ["\\u0000"]}}'.encode()
    assert_refused(caller.call("POST", "", raw=raw), caller, 400)


def test_body_over_one_mebibyte_is_413(caller):
    raw = b'{"name": "' + b"x" * (1024 * 1024) + b'"}'
    assert_refused(caller.call("POST", "", raw=raw), caller, 413)


def test_other_charset_is_415_in_any_content_type(caller):
    body = caller.probe.fresh_body()
    latin = caller.call("POST", "", body, **{"Content-Type": "application/json; charset=latin-1"})
    assert_refused(latin, caller, 415)
    plain = caller.call("POST", "", body, **{"Content-Type": "text/plain"})
    assert plain.status_code == caller.probe.created


def test_compressed_body_is_415(caller):
    raw = gzip.compress(json.dumps(caller.probe.fresh_body()).encode())
    answer = caller.call("POST", "", raw=raw, **{"Content-Encoding": "gzip"})
    assert_refused(answer, caller, 415)
    assert "Content-Encoding" in dig(answer.json(), caller.probe.message_at)
    plain = caller.call("POST", "", caller.probe.fresh_body(), **{"Content-Encoding": "identity"})
    assert plain.status_code == caller.probe.created


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'{"name": "Jane" "email": 1}', "line 1 column 17"),
        (b"[]", "a JSON object"),
        (b'{"a": {"b": 1, "b": 2}}', "a.b: A key is there twice"),
        (b'{"a": NaN}', "a: NaN"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "deeper than 32"),
    ],
)
def test_body_error_has_a_specific_message(caller, raw, said):
    answer = caller.call("POST", "", raw=raw)
    assert_refused(answer, caller, 400)
    assert said in dig(answer.json(), caller.probe.message_at)


def test_query_of_too_many_parameters_is_400(caller):
    answer = caller.call("GET", "?" + "&".join(f"a{n}=1" for n in range(201)))
    assert_refused(answer, caller, 400)
    assert "more than 200 parameters" in dig(answer.json(), caller.probe.message_at)
