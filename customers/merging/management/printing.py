"""Print merges, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from customers.merging.models import Merge
from customers.merging.services.previews import MergePreview, UnmergePreview
from customers.merging.services.values import as_json
from customers.models import Customer
from customers.money import plain_amount


def json_of_merge(preview: MergePreview, merge: Merge | None) -> dict[str, Any]:
    """Return the preview as JSON; `merge` is null while nothing was done."""
    return {
        "merge": str(merge.uid) if merge else None,
        "survivor": str(preview.survivor.uid),
        "loser": str(preview.loser.uid),
        "fields": {
            line.name: {
                "survivor": as_json(line.survivor),
                "loser": as_json(line.loser),
                "result": as_json(line.result),
                "conflict": line.is_conflict,
            }
            for line in preview.fields
        },
        "undecided": preview.undecided,
        "figures": {
            name: [as_json(value) for value in values] for name, values in preview.figures.items()
        },
        "moved": preview.moved,
    }


def lines_of_merge(preview: MergePreview, merge: Merge | None) -> Iterator[str]:
    if merge is not None:
        yield f"Merged {preview.loser} into {preview.survivor}: {merge.uid}"
    for line in preview.fields:
        if line.survivor != line.loser:
            yield f"{line.name}: {shown(line.survivor)} | {shown(line.loser)} | {shown(line.result)}"
    for name, values in preview.figures.items():
        yield f"{name}: {' | '.join(plain_amount(Decimal(value)) for value in values)}"
    for kind, number in preview.moved.items():
        yield f"moved, {kind}: {number}"
    for name in preview.undecided:
        yield f"Choose: --choose {name}=survivor or --choose {name}=loser"
    if merge is None:
        yield "Nothing was changed yet."


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


def shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
