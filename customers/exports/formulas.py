"""Keep spreadsheets from running a text as a formula when they open a CSV file."""

from __future__ import annotations

import re

from stores.names import FORMATS

# Many spreadsheets split a line at `;` or a tab, although commas separate the cells. They then read quotes as
# letters, too, so a line break ends a row. Hence a cell may begin in the middle of a text.
SEPARATORS = r"\t\n\v\f\r\x85\u2028\u2029;"
# East Asian spreadsheets also take wide forms of = + - @; some skip what is invisible before them.
FORMULA = r"[=+\-@|%\uff1d\uff0b\uff0d\uff20]"
SKIPPED = rf"'\"\s{FORMATS}"
FIRST_CELL = rf"\A(?=[{SKIPPED}]*{FORMULA}|'*[\t\r\n])"
LATER_CELL = rf"(?<=[{SEPARATORS}])(?=(?:(?![{SEPARATORS}])[{SKIPPED}])*{FORMULA})"
FORMULA_START = re.compile(f"{FIRST_CELL}|{LATER_CELL}")
ESCAPED_START = re.compile(f"(?:{FIRST_CELL}|{LATER_CELL})'")
# As a formula it has no operator, so a spreadsheet shows at worst a number.
PHONE = re.compile(r"\+[0-9 ()]+")


def escape(text: str) -> str:
    """Put an apostrophe before each formula that a spreadsheet may find in the text, but not before a phone."""
    return text if PHONE.fullmatch(text) else FORMULA_START.sub("'", text)


def unescape(text: str) -> str:
    """Return the text that `escape` was given."""
    return ESCAPED_START.sub("", text)
