"""Bodies that the strict reader accepts and refuses."""

import contextlib
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.api.reader import (
    MAX_BYTES,
    RequestParseError,
    read_json,
    read_optional_json,
)


def refusal(
    raw: bytes, content_type: str = "", *, trailing_commas: bool = False
) -> tuple[str, str]:
    with pytest.raises(RequestParseError) as caught:
        read_json(raw, content_type, trailing_commas=trailing_commas)
    assert caught.value.detail
    return caught.value.code, caught.value.path


def nested(depth: int) -> bytes:
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


def test_object_is_read_with_exact_numbers() -> None:
    body = read_json('{"name": "Zoë", "n": 12, "price": 12.50, "on": true, "none": null}'.encode())
    assert body == {"name": "Zoë", "n": 12, "price": Decimal("12.50"), "on": True, "none": None}
    assert isinstance(body["price"], Decimal)
    assert str(body["price"]) == "12.50"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/json",
        "text/plain",
        "application/json; charset=UTF-8",
        'x/y;Charset="utf-8"',
        "garbage",
    ],
)
def test_json_is_read_under_any_content_type(content_type: str) -> None:
    assert read_json(b'{"a": 1}', content_type) == {"a": 1}


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", '"ISO-8859-1"', "utf-8x", ""])
def test_other_charset_is_refused(charset: str) -> None:
    assert refusal(b"{}", f"application/json; charset={charset}") == ("charset", "")


def test_byte_order_mark_is_ignored() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"  ",
        b"nonsense",
        b'{"name": ',
        b"{]",
        b"{,}",
        b"[1,,2]",
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": 1} x',
        b'{"a": 01}',
        b'{"a": .5}',
        b'{"a": +1}',
        b'{"a": "\x00"}',
        b'{"a": "\\x"}',
        b"\xff",
        '{"a": "é"}'.encode("latin-1"),
        '{"a": 1}'.encode("utf-16"),
        b'{"a": "\xed\xa0\x80"}',
    ],
)
def test_invalid_json_is_malformed(raw: bytes) -> None:
    assert refusal(raw) == ("malformed", "")


@pytest.mark.parametrize("raw", [b"[]", b'"x"', b'["a"]', b"1", b"null", b"true"])
def test_body_that_is_no_object_is_refused(raw: bytes) -> None:
    assert refusal(raw) == ("not_object", "")


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b'{"a": 1, "a": 1}', "a"),
        (b'{"a": 1, "\\u0061": 2}', "a"),
        (b'{"x": [{}, {"y": {"a": 1, "b": 2, "a": 3}}]}', "x[1].y.a"),
    ],
)
def test_duplicate_key_is_refused_with_its_path(raw: bytes, path: str) -> None:
    assert refusal(raw) == ("duplicate_key", path)


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        "1e-999",
        "0e999",
        "1.5e309",
        "1" + "0" * 18,
        "-" + "9" * 19,
        "9" * 100_000,
        "1." + "1" * 100_000,
        "1e99999999999999999999",
    ],
)
def test_inexact_number_is_refused_with_its_path(number: str) -> None:
    assert refusal(f'{{"lines": [0, {{"price": {number}}}]}}'.encode()) == (
        "bad_number",
        "lines[1].price",
    )


@pytest.mark.parametrize(
    "number", ["9" * 18, "-" + "9" * 18, "1e308", "0.1", "-0.0", "144.96332999999999"]
)
def test_exact_numbers_are_read(number: str) -> None:
    assert read_json(f'{{"n": {number}}}'.encode())["n"] == Decimal(number)


@pytest.mark.parametrize(
    "escape", ["\\u0000", "\\ud800", "\\uDFFF", "\\udc00\\ud800", "\\ud800\\u0041"]
)
@pytest.mark.parametrize(
    ("body", "path"),
    [
        ('{"email": "a@b.co", "name": "a%s"}', "name"),
        ('{"addresses": [{"city": "%s"}]}', "addresses[0].city"),
        ('{"tags": ["ok", "%s"]}', "tags[1]"),
        ('{"a": {"k%s": 1}}', "a"),
        ('{"k%s": 1}', ""),
    ],
)
def test_nul_and_lone_surrogates_are_refused(body: str, path: str, escape: str) -> None:
    assert refusal((body % escape).encode()) == ("bad_text", path)


def test_surrogate_pairs_and_escapes_are_text() -> None:
    assert read_json(b'{"a": "\\ud83d\\ude00", "b": "\\\\u0000"}') == {"a": "😀", "b": "\\u0000"}


def test_objects_nest_at_most_32_levels() -> None:
    assert read_json(nested(32))
    assert refusal(nested(33)) == ("too_deep", "")
    assert refusal(b'{"a":' + b"[" * 32 + b"]" * 32 + b"}") == ("too_deep", "")


def test_strings_and_siblings_add_no_depth() -> None:
    assert read_json(b'{"a": "' + b"[" * 100 + b'\\"' + b"{" * 100 + b'"}')
    assert read_json(b'{"a": [' + b"[]," * 100 + b"[]]}")


def test_body_has_at_most_one_mebibyte() -> None:
    fill = MAX_BYTES - len(b'{"a": ""}')
    assert read_json(b'{"a": "' + b"x" * fill + b'"}')
    assert refusal(b'{"a": "' + b"x" * (fill + 1) + b'"}') == ("too_large", "")


@pytest.mark.parametrize(
    "unit",
    [
        b"[",
        b'{"a":',
        b'"',
        b'\\"',
        b"\\",
        b",",
        b", ",
        b"[],",
        b'"",',
        b" ",
        b"\n",
        b"1",
        b"{",
        b"\xef\xbb\xbf",
    ],
)
@pytest.mark.parametrize(
    "start", [b"", b"{", b'{"a":[', b'{"a":"'], ids=["bare", "object", "list", "text"]
)
def test_hostile_body_is_refused_in_linear_time(start: bytes, unit: bytes) -> None:
    raw = start + unit * ((MAX_BYTES - len(start)) // len(unit))
    code, _ = refusal(raw, trailing_commas=True)  # a parser slower than linear would never finish
    assert code in {"malformed", "too_deep", "bad_number"}


def test_long_key_is_cut_in_the_error_path() -> None:
    code, path = refusal(b'{"' + b"k" * 100_000 + b'": {"a": "\\u0000"}}')
    assert code == "bad_text"
    assert path == "k" * 200


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b'{"a": 1,}', {"a": 1}),
        (b'{"a": [1, 2, ],\n}', {"a": [1, 2]}),
        (b'{"name": "A ,] B ,} C", }', {"name": "A ,] B ,} C"}),
        (b'{"a": "\\",}",}', {"a": '",}'}),
        (b'{"a": [{"b": 1},\r\n\t],}', {"a": [{"b": 1}]}),
    ],
)
def test_trailing_commas_are_accepted_on_request(raw: bytes, body: object) -> None:
    assert read_json(raw, trailing_commas=True) == body
    assert refusal(raw) == ("malformed", "")


@pytest.mark.parametrize(
    "raw",
    [
        b"{,}",
        b"[1,,2]",
        b'{"a": 1,,}',
        b'{"a": 1, ,}',
        b'{"a": ,}',
        b'{"a": [,]}',
        b'{"a": 1},',
        b'{"a": "x,}',
    ],
)
def test_stray_commas_are_refused(raw: bytes) -> None:
    assert refusal(raw, trailing_commas=True) == ("malformed", "")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"a": 1, "a": 2,}', "duplicate_key"),
        (b'{"a": NaN,}', "bad_number"),
        (b'{"a": "\\u0000",}', "bad_text"),
        (b"[],", "malformed"),
    ],
)
def test_trailing_commas_option_keeps_other_rules(raw: bytes, code: str) -> None:
    assert refusal(raw, trailing_commas=True)[0] == code


def test_optional_body_may_be_absent() -> None:
    assert read_optional_json(b"") == read_optional_json(b" \r\n") == {}
    assert read_optional_json(b'{"a": 1}') == {"a": 1}
    assert read_optional_json(b'{"a": 1,}', trailing_commas=True) == {"a": 1}
    with pytest.raises(RequestParseError):
        read_optional_json(b"[]")


@given(st.binary(), st.booleans())
def test_any_bytes_are_parsed_or_refused(raw: bytes, trailing_commas: bool) -> None:
    with contextlib.suppress(RequestParseError):
        assert isinstance(read_json(raw, trailing_commas=trailing_commas), dict)


@given(st.text('{}[]",:\\ud80n1e-+.0aNtru \n'), st.booleans())
def test_json_like_text_is_parsed_or_refused(text: str, trailing_commas: bool) -> None:
    with contextlib.suppress(RequestParseError):
        assert isinstance(read_json(text.encode(), trailing_commas=trailing_commas), dict)


PLAIN_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1) | PLAIN_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN_TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(PLAIN_TEXT, VALUES), st.booleans(), st.booleans())
def test_storable_objects_are_read_unchanged(
    body: dict[str, object], ascii_only: bool, forgiving: bool
) -> None:
    raw = json.dumps(body, ensure_ascii=ascii_only).encode()
    assert read_json(raw, trailing_commas=forgiving) == body
