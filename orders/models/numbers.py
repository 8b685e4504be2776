"""Parts of an order's number, `SO-<year>-<sequence>`, as ranges of the columns it is made of."""

from __future__ import annotations

import re

from django.db.models import Q

NUMBER = re.compile(r"(?:so-)?([0-9]{4})-([0-9]{0,9})")
YEAR = re.compile(r"so-([0-9]{1,4})")
LEAST_DIGITS, MOST_DIGITS = 3, 9  # of a sequence as numbers show it; fewer are filled with zeros


def beginning(digits: str) -> Q:
    """Orders whose number's last part begins so, or is just this without its zeros: ranges of an index."""
    if not digits:
        return ~Q(pk__in=())
    found = Q(sequence=int(digits))
    for length in range(max(LEAST_DIGITS, len(digits)), MOST_DIGITS + 1):
        if length == LEAST_DIGITS or digits[0] != "0":
            found |= Q(sequence__range=span(digits, length))
    return found


def span(digits: str, length: int) -> tuple[int, int]:
    """The first and the last number of so many digits that begins with these."""
    rest = 10 ** (length - len(digits))
    least = int(digits) * rest
    return least, least + rest - 1
