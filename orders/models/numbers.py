"""Search parts of an order number (`SO-<year>-<sequence>`) as ranges of its columns, which have an index."""

from __future__ import annotations

import re

from django.db.models import Q

NUMBER = re.compile(r"(?:so-)?([0-9]{4})-([0-9]{0,9})")
YEAR = re.compile(r"so-([0-9]{1,4})")
MIN_DIGITS, MAX_DIGITS = 3, 9  # digits of a sequence in a number; shorter ones get leading zeros


def beginning(digits: str) -> Q:
    """Return the condition for a sequence that begins with these digits, as the order number shows it.

    A sequence that equals them without leading zeros matches too.
    """
    if not digits:
        return ~Q(pk__in=())  # true of every order
    condition = Q(sequence=int(digits))
    for length in range(max(MIN_DIGITS, len(digits)), MAX_DIGITS + 1):
        if length == MIN_DIGITS or digits[0] != "0":
            condition |= Q(sequence__range=span(digits, length))
    return condition


def span(digits: str, length: int) -> tuple[int, int]:
    """Return the first and the last number with `length` digits that begin with these."""
    span_size = 10 ** (length - len(digits))
    least = int(digits) * span_size
    return least, least + span_size - 1
