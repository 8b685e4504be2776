"""Personal data in the tables of merges: what both customers were before."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from customers.merging.models import Merge, MovedRow
from customers.models import Customer
from customers.privacy.personal_data.tables import CODE, MONEY, STAFF, PersonalTable


def merges_of(customer: Customer) -> QuerySet[Any]:
    sides = Q(survivor=customer.pk) | Q(loser=customer.pk)
    return Merge.objects.filter(sides, store=customer.store_id)


def moved_rows_of(customer: Customer) -> QuerySet[Any]:
    merges = merges_of(customer).order_by().values("pk")
    return MovedRow.objects.filter(store=customer.store_id, merge__in=merges)


MERGE_TABLES = (
    PersonalTable(
        Merge,
        "Merges",
        merges_of,
        erased={
            "survivor_before": {},
            "loser_before": {},
            "wrote": {},
            "login_email": "",
            "undo_report": {},
        },
        kept={"choices": CODE, "transfers": MONEY, "actor_name": STAFF, "undone_by": STAFF},
    ),
    PersonalTable(
        MovedRow,
        "Rows that merges moved",
        moved_rows_of,
        erased={"before": {}},
        kept={"table": CODE},
    ),
)
