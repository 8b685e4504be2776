"""What is likely one customer, and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.match_keys import Place, Profile
from customers.matching.scoring import Frequencies, Level, score
from customers.matching.scoring.counting import Counting
from customers.matching.words import WORDS

BOOK = Frequencies(50_000)
HOME = Place("101", "kingstreet", "3040", "essendon")
ELSEWHERE = Place("7", "queenstreet", "2000", "sydney")
NOBODY = Profile("", "", "", "", (), "", "", ())


def person(first: str = "", last: str = "", *places: Place, **values: Any) -> Profile:
    return NOBODY._replace(first=first, last=last, places=places, **values)


def codes(one: Profile, other: Profile) -> set[str]:
    return {reason.code for reason in score(one, other, BOOK).reasons}


BRIGID = person("brigid", "castellanos", HOME, phones=("61355501468",), email="brigid@a.example")
SAME = [
    BRIGID._replace(first="bridget", last="castelanos", email=""),
    BRIGID._replace(first="castellanos", last="brigid", email=""),
    BRIGID._replace(places=(ELSEWHERE,)),
    BRIGID._replace(phones=("355501486",), email="brigit@a.example"),
]
OTHERS = [
    pytest.param(BRIGID._replace(first="harold", email="harold@a.example"), id="of the family"),
    pytest.param(person("brigid", "tran", ELSEWHERE), id="same first name"),
    pytest.param(person("omar", "castellanos", ELSEWHERE), id="same last name"),
    pytest.param(person("omar", "haddad", HOME, phones=("61355501468",)), id="flatmate"),
    pytest.param(person(email="brigid2@a.example"), id="another number in the e-mail"),
]


@pytest.mark.parametrize("other", SAME)
def test_one_person_is_at_least_likely(other: Profile) -> None:
    assert score(BRIGID, other, BOOK).level in (Level.SURE, Level.LIKELY)


@pytest.mark.parametrize("other", OTHERS)
def test_another_person_is_not_even_possible(other: Profile) -> None:
    assert score(BRIGID, other, BOOK).level is None


def test_reasons_are_named() -> None:
    found = codes(BRIGID, SAME[0])
    assert {"same_phone", "same_street", "near_last", "sound_first"} <= found
    assert "swapped_names" in codes(BRIGID, SAME[1])
    assert "nickname" in codes(person("robert", "tran"), person("bob", "tran"))


def test_a_common_name_says_less_than_a_rare_one() -> None:
    counting = Counting()
    for number in range(2_000):
        counting.add(person("ann" if number % 2 else f"x{number}", "lee"))
    book = counting.result()
    assert book.bits("first", "ann") == 3
    assert book.bits("first", "x2") > 10


names = st.sampled_from(["", "ann", "anne", "jo", "j", "robert", "bob", "smith", "smith jones"])
places = st.lists(
    st.builds(
        Place,
        st.sampled_from(["", "1", "12", "21"]),
        st.sampled_from(["", "kingstreet", "kingroad", "queenstreet"]),
        st.sampled_from(["", "3040", "3041"]),
        st.sampled_from(["", "essendon", "sydney"]),
    ),
    max_size=2,
).map(tuple)
profiles = st.builds(
    Profile,
    first=names,
    last=names,
    company=st.sampled_from(["", "essendon deli", "essendon deli provisions"]),
    email=st.sampled_from(["", "ann.lee@a.example", "annlee@b.example", "ann.lea@a.example"]),
    phones=st.sampled_from([(), ("61355501468",), ("355501468", "61412345678")]),
    tax_id=st.sampled_from(["", "5182475", "5182457"]),
    born=st.sampled_from(["", "1980-05-11", "1980-11-05", "1981-05-11"]),
    places=places,
)


@given(profiles, profiles)
def test_score_is_symmetric_and_the_sum_of_its_reasons(one: Profile, other: Profile) -> None:
    there, back = score(one, other, BOOK), score(other, one, BOOK)
    assert there.bits == pytest.approx(back.bits)
    assert there.bits == pytest.approx(sum(reason.bits for reason in there.reasons))
    assert {reason.code for reason in there.reasons} <= WORDS.keys()
