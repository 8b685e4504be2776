"""Show what a merge would do: do it, read the result, and roll back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from customers.merging.models import Merge, MovedRow, Table
from customers.merging.services.fields import FieldLine, plan_fields
from customers.merging.services.locking import get_customer
from customers.merging.services.merging import NO_CHOICES, merge_customers, preview_choices
from customers.models import Customer
from customers.models.customer_queryset import CustomerQuerySet
from stores.actors import SYSTEM

FIGURES = ("account_balance", "loyalty_balance", "order_count", "total_spent")


@dataclass(frozen=True)
class MergePreview:
    survivor: Customer
    """As it is now."""
    loser: Customer
    fields: list[FieldLine]
    undecided: list[str]
    """The fields that still need a choice; the preview takes the survivor's value."""
    figures: dict[str, tuple[Decimal | int, Decimal | int, Decimal | int]]
    """Of the survivor, of the loser, and of the survivor after the merge."""
    moved: dict[str, int]
    """How many rows move, by kind."""
    result: Customer
    """The survivor after the merge."""


def preview_merge(
    survivor: CustomerQuerySet, loser: CustomerQuerySet, choices: Mapping[str, str] = NO_CHOICES
) -> MergePreview:
    """Raises what `merge_customers` raises, but for a missing choice."""
    kept, gone = (get_customer(side.select_related("store")) for side in (survivor, loser))
    completed = preview_choices(kept, gone, choices)
    plan = plan_fields(kept, gone, choices)
    with transaction.atomic():
        merge = merge_customers(survivor, loser, SYSTEM, completed)
        result = Customer.objects.get(store=kept.store_id, pk=kept.pk)
        moved = counts_of(merge)
        transaction.set_rollback(True)
    figures = {
        name: (getattr(kept, name), getattr(gone, name), getattr(result, name)) for name in FIGURES
    }
    undecided = [name for name in plan.conflicts if name not in choices]
    return MergePreview(kept, gone, plan.lines, undecided, figures, moved, result)


def counts_of(merge: Merge) -> dict[str, int]:
    rows = MovedRow.objects.filter(store=merge.store_id, merge=merge)
    shown = [table for table in Table if table != Table.PAIR]
    counts = {table.value: rows.filter(table=table).count() for table in shown}
    return {name: number for name, number in counts.items() if number}
