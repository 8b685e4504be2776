"""Show what taking a merge apart would do: do it, read the result, and roll back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from customers.merging.models import Merge
from customers.merging.models.merge import MergeQuerySet
from customers.merging.services.unmerging import unmerge_customers
from customers.models import Customer
from stores.actors import SYSTEM


@dataclass(frozen=True)
class UnmergePreview:
    merge: Merge
    report: dict[str, Any]
    survivor: Customer
    """As it would be."""
    loser: Customer


def preview_unmerge(target: MergeQuerySet) -> UnmergePreview:
    """Raises what `unmerge_customers` raises."""
    with transaction.atomic():
        merge = unmerge_customers(target, SYSTEM)
        customers = Customer.objects.filter(store=merge.store_id).select_related("store")
        sides = customers.in_bulk([merge.survivor_id, merge.loser_id])
        transaction.set_rollback(True)
    return UnmergePreview(merge, merge.undo_report, sides[merge.survivor_id], sides[merge.loser_id])
