"""Payment terms: when what a customer orders is due."""

from __future__ import annotations

import re

# what every door takes: at most 999 days, written in one way only
PAYMENT_TERMS = re.compile(r"(?:net_(?:0|[1-9][0-9]{0,2})|due_on_receipt|cod|prepaid)\Z")
NET_DAYS = re.compile(r"net_([0-9]+)")
LONGEST_TERMS = 36_500  # days; a century is as good as never


def days_of(terms: str) -> int:
    """Days from an order to its due day: those of `net_<days>`, else none."""
    net = NET_DAYS.fullmatch(terms)
    return min(int(net[1]), LONGEST_TERMS) if net else 0
