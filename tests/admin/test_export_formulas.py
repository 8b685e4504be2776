"""No spreadsheet runs a text of an exported CSV file as a formula, at whatever characters it splits."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from customers.exports.formulas import escape, unescape

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "|calc", "%0A", "＝1+1", "＠SUM(A1)", "＋1", "－1")
STARTS = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\ufeff",
    "\u200b",
    "\u2060",
    "\u00a0",
    "\u00ad",
    "\u180e",
    "\u3164",
    '"',
    '""',
    " '",
    "'",
)
# Between one cell and the next, as the spreadsheet sees it.
SEPARATORS = (";", "\t", "\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "; ", ';"', ";\t")
SAFE = (
    "+61 2 9000 1234", "+61290001234", "+61 (0)412 345 678", "(02) 9000-1234", "O'Brien", "a=b", "1;2",
    "Smith; Jones", "x - y", "5% off", "a@b.example", "line one\n\nline three", "'t Hooft", "Jane;'x'",
)  # fmt: skip
UNSAFE_PHONES = ("+61-2-9000-1234", "+61;+1", "+1*2", "+A1", "+61\t2", "+1\n", "+", "+(1)+2")
RISKY_TEXTS = st.text(st.sampled_from("=+-@|%'\" ;\t\r\n\u200b\u2028()019a"), max_size=12)


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("start", STARTS)
def test_formula_at_the_start_is_escaped(start: str, formula: str) -> None:
    assert escape(f"{start}{formula}").startswith("'")


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_formula_after_a_separator_is_escaped(separator: str, formula: str) -> None:
    text = f"Jane{separator}{formula};x"
    assert unescape(escape(text)) == text
    for cell in re.split(r"[;\t\r\n\v\f\x85\u2028\u2029]", escape(text)):
        assert not begins_formula(cell)


@pytest.mark.parametrize("text", SAFE)
def test_safe_text_stays_as_it_is(text: str) -> None:
    assert escape(text) == unescape(text) == text


@pytest.mark.parametrize("text", UNSAFE_PHONES)
def test_phone_with_an_operator_is_escaped(text: str) -> None:
    assert escape(text).startswith("'")


@given(st.text() | RISKY_TEXTS)
@example("'=1")
@example("''\t=1")
def test_escaped_text_is_read_back(text: str) -> None:
    assert unescape(escape(text)) == text


@given(RISKY_TEXTS, RISKY_TEXTS)
def test_no_way_to_split_a_line_finds_a_formula(first: str, second: str) -> None:
    line = io.StringIO()
    csv.writer(line).writerow(["0198-id", escape(first), escape(second), "end"])
    for delimiter in ";\t":
        for cells in csv.reader(io.StringIO(line.getvalue(), newline=""), delimiter=delimiter):
            assert not any(begins_formula(cell) for cell in cells)
        for cell in re.split(rf"[{delimiter}\r\n]", line.getvalue()):
            assert not begins_formula(cell)


def begins_formula(cell: str) -> bool:
    """Return True for a cell that some spreadsheet takes for a formula."""
    visible = cell.lstrip(' "\u00a0\u200b\ufeff\u2060')
    return visible.startswith(tuple("=+-@|%＝＋－＠"))
