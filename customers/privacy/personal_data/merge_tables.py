"""Personal data in the tables of merges: what both customers were before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from customers.merging.models import Merge, MovedRow
from customers.models import Customer
from customers.privacy.personal_data.tables import CODE, MONEY, STAFF, PersonalTable


class MergeRows:
    """The merges that a customer is a side of."""

    def __call__(self, customer: Customer) -> QuerySet[Any]:
        return self.among([customer])

    def among(self, customers: Sequence[Customer]) -> QuerySet[Any]:
        keys = [customer.pk for customer in customers]
        sides = Q(survivor__in=keys) | Q(loser__in=keys)
        return Merge.objects.filter(sides, store=customers[0].store_id)


class MovedRows(MergeRows):
    """The rows that these merges moved."""

    def among(self, customers: Sequence[Customer]) -> QuerySet[Any]:
        merges = super().among(customers).order_by().values("pk")
        return MovedRow.objects.filter(store=customers[0].store_id, merge__in=merges)


MERGE_TABLES = (
    PersonalTable(
        Merge,
        "Merges",
        MergeRows(),
        erased={
            "survivor_before": {},
            "loser_before": {},
            "wrote": {},
            "login_email": "",
            "survivor_login_email": "",
            "undo_report": {},
        },
        kept={"choices": CODE, "transfers": MONEY, "actor_name": STAFF, "undone_by": STAFF},
    ),
    PersonalTable(
        MovedRow,
        "Rows that merges moved",
        MovedRows(),
        erased={"before": {}},
        kept={"table": CODE},
    ),
)
