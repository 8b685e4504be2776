"""Folding of text, and splitting of names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.canonical import fold, join_name, split_name


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Pâtisserie Éclair", "patisserie eclair"),
        ("Zoë MÜLLEROVÁ", "zoe mullerova"),
        ("Łódź, Ørsted, Đorđe", "lodz, orsted, dorde"),
        ("Straße", "strasse"),
        ("Ægir Þór", "aegir thor"),
        ("İstanbul, Diyarbakır", "istanbul, diyarbakir"),
        ("Йошкар-Ола", "иошкар-ола"),
        ("ＦＵＬＬ width", "full width"),
        ("  much \t space\n here ", "much space here"),
        ("so\u00adft hy\u200bphen", "soft hyphen"),
    ],
)
def test_folding_drops_case_accents_and_spacing(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_folding_keeps_meaningful_marks() -> None:
    assert fold("が") != fold("か")
    assert fold("राम") != fold("रम")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("display", "parts"),
    [
        ("Jane Smith", ("Jane", "Smith")),
        ("Simona", ("Simona", "")),
        ("Ana  Maria de la Cruz", ("Ana", " Maria de la Cruz")),
        ("", ("", "")),
    ],
)
def test_name_is_split_at_its_first_space(display: str, parts: tuple[str, str]) -> None:
    assert split_name(display) == parts


@given(st.text().map(str.strip))
def test_joined_parts_equal_the_name(display: str) -> None:
    assert join_name(*split_name(display)) == display


def test_name_of_one_part_has_no_space() -> None:
    assert join_name("Jane", "") == "Jane"
    assert join_name("", "Smith") == "Smith"
