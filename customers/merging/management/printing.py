"""Print merges, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from customers.merging.models import Merge
from customers.merging.services.previews import MergePreview
from customers.merging.services.values import as_json
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


def shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
