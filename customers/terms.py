"""Payment terms: the days from an order to its due day."""

from __future__ import annotations

import re

# The terms that all dialects and the admin accept: at most 999 days, without leading zeros.
PAYMENT_TERMS = re.compile(r"(?:net_(?:0|[1-9][0-9]{0,2})|due_on_receipt|cod|prepaid)\Z")
CASH_TERMS = ("prepaid", "cod")  # nothing is bought on account
NET_DAYS = re.compile(r"net_([0-9]+)")
LONGEST_TERMS = 36_500  # days; a longer term in the database would leave the calendar


def days_of(terms: str) -> int:
    """Return the days from an order to its due day: those of `net_<days>`, else 0."""
    net = NET_DAYS.fullmatch(terms)
    return min(int(net[1]), LONGEST_TERMS) if net else 0
