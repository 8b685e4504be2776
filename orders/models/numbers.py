"""Searching parts of an order number (`SO-<year>-<sequence>`) as ranges of its columns, which have an index."""

from __future__ import annotations

import re

from django.db.models import Q

NUMBER = re.compile(r"(?:so-)?([0-9]{4})-([0-9]{0,9})")
YEAR = re.compile(r"so-([0-9]{1,4})")
MIN_DIGITS, MAX_DIGITS = 3, 9  # of a sequence as numbers show it; fewer are filled with zeros


def beginning(digits: str) -> Q:
    """Orders whose sequence, as the number shows it, begins with these digits, or equals them without zeros."""
    if not digits:
        return ~Q(pk__in=())
    found = Q(sequence=int(digits))
    for length in range(max(MIN_DIGITS, len(digits)), MAX_DIGITS + 1):
        if length == MIN_DIGITS or digits[0] != "0":
            found |= Q(sequence__range=span(digits, length))
    return found


def span(digits: str, length: int) -> tuple[int, int]:
    """The first and the last number of so many digits that begins with these."""
    rest = 10 ** (length - len(digits))
    least = int(digits) * rest
    return least, least + rest - 1
