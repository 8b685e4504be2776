"""Print merges that are taken apart, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from customers.merging.management.printing import shown
from customers.merging.services.unmerge_previews import UnmergePreview
from customers.merging.services.values import as_json
from customers.models import Customer
from customers.money import plain_amount


def json_of_unmerge(preview: UnmergePreview, *, done: bool) -> dict[str, Any]:
    return {
        "merge": str(preview.merge.uid),
        "undone": done,
        "survivor": figures_of(preview.survivor),
        "loser": figures_of(preview.loser),
        **preview.report,
    }


def figures_of(customer: Customer) -> dict[str, Any]:
    return {
        "uid": str(customer.uid),
        "account_balance": as_json(customer.account_balance),
        "loyalty_balance": as_json(customer.loyalty_balance),
        "order_count": customer.order_count,
    }


def lines_of_unmerge(preview: UnmergePreview, *, done: bool) -> Iterator[str]:
    for side in (preview.survivor, preview.loser):
        owed, points = plain_amount(side.account_balance), plain_amount(side.loyalty_balance)
        yield f"{side} ({side.uid}): {side.order_count} orders, owes {owed}, {points} points"
    for change in preview.report["changed"]:
        yield f"Changed since, so it stays: {change['field']} is {shown(change['now'])}"
    for what in preview.report["gone"]:
        yield f"Removed since, so it is not there: {what}"
    if preview.report["missing_points"] != "0":
        yield f"Redeemed since, so they are missing: {preview.report['missing_points']} points"
    yield "Taken apart." if done else "Nothing was changed yet."
