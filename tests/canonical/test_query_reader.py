"""Query strings that the strict reader accepts and refuses."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.api.reader import (
    RequestParseError,
    read_query,
)


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", {}),
        ("a=1&b=2&a=3", {"a": ["1", "3"], "b": ["2"]}),
        (
            b"email=jane%2Btag%40example.org&q=a+b",
            {"email": ["jane+tag@example.org"], "q": ["a b"]},
        ),
        ("filter[name][like]=%25Kitchens", {"filter[name][like]": ["%Kitchens"]}),
        ("name=Zo%C3%AB", {"name": ["Zoë"]}),
        ("Zoë".encode().decode("latin-1"), {"Zoë": [""]}),
        ("&&flag&empty=&=x&a=b=c", {"flag": [""], "empty": [""], "": ["x"], "a": ["b=c"]}),
        ("cursor=%%%", {"cursor": ["%%%"]}),
    ],
)
def test_query_keeps_all_values_in_order(
    query: str | bytes, parameters: dict[str, list[str]]
) -> None:
    assert read_query(query) == parameters
    assert list(read_query(query)) == list(parameters)


@pytest.mark.parametrize(
    ("query", "code", "path"),
    [
        ("a=1&search=%00", "bad_text", "search"),
        ("search=%ff", "bad_text", "search"),
        ("search=%ED%A0%80", "bad_text", "search"),
        (b"search=\xff", "bad_text", "search"),
        ("%00=1", "query", ""),
        ("%ff=1", "query", ""),
        ("search=\ud800", "bad_text", "search"),
        ("&".join(f"a{n}=1" for n in range(201)), "query", ""),
    ],
)
def test_undecodable_query_names_its_parameter(query: str | bytes, code: str, path: str) -> None:
    with pytest.raises(RequestParseError) as caught:
        read_query(query)
    assert (caught.value.code, caught.value.path) == (code, path)


@given(st.text() | st.binary())
def test_any_query_is_parsed_or_refused(query: str | bytes) -> None:
    with contextlib.suppress(RequestParseError):
        assert all(values for values in read_query(query).values())
