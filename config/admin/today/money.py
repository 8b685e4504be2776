"""Customers who owe money for too long, or more than they may."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Min, QuerySet, Sum

from config.admin.today.source import COUNTED, Day, Item, Source, days, page_of
from customers.models import Charge, Customer
from customers.models.customer_queryset import OVER
from customers.tasks.kinds import TaskKind
from customers.tasks.services.assigning import Task
from stores.admin.display import store_amount

CHARGES_READ = 1000  # the oldest ones: enough for COUNTED customers who owe a few charges each


class Overdue(Source):
    """Customers with charges past their due day, the oldest first."""

    kind = TaskKind.OVERDUE
    title, noun, more = "Overdue", ("customer", "customers"), "All overdue"
    permission, model = "customers.view_customer", "customers_customer"

    def query(self) -> dict[str, str]:
        return {"overdue": "any"}

    def charges(self, day: Day) -> QuerySet[Charge]:
        return Charge.objects.for_store(day.store).filter(open_amount__gt=0, due_on__lt=day.today)

    def oldest_first(self, day: Day) -> list[int]:
        """Return the keys of the customers of the oldest charges, by the day of their oldest one."""
        oldest = self.charges(day).order_by("due_on", "customer")
        return list(dict.fromkeys(oldest.values_list("customer", flat=True)[:CHARGES_READ]))

    def first(self, day: Day, without: Collection[int], most: int) -> list[Item]:
        keys = [pk for pk in self.oldest_first(day) if pk not in without]
        return self.among(day, keys[:most])

    def among(self, day: Day, subjects: Iterable[int]) -> list[Item]:
        late = self.charges(day).filter(customer__in=list(subjects)).order_by()
        sums = late.values("customer").annotate(sum=Sum("open_amount"), oldest=Min("due_on"))
        found = {
            pk: (sum, oldest) for pk, sum, oldest in sums.values_list("customer", "sum", "oldest")
        }
        people = Customer.objects.for_store(day.store).filter(pk__in=found)
        by_age = sorted(people, key=lambda person: found[person.pk][1])
        return [self.late_item(day, person, *found[person.pk]) for person in by_age]

    def late_item(self, day: Day, customer: Customer, owed: Decimal, oldest: date) -> Item:
        return Item(
            Task(self.kind, customer.pk),
            str(customer),
            page_of(self.model, customer.pk),
            company_of(customer),
            store_amount(owed, day.store),
            f"{days((day.today - oldest).days)} overdue",
            "bad",
        )

    def count(self, day: Day) -> int:
        """Return the number of customers; past CHARGES_READ charges there are more than can be counted."""
        keys = self.oldest_first(day)
        is_all = self.charges(day).order_by()[: CHARGES_READ + 1].count() <= CHARGES_READ
        return min(len(keys), COUNTED + 1) if is_all else COUNTED + 1


class OverLimit(Source):
    kind = TaskKind.OVER_LIMIT
    title, noun, more = "Over the credit limit", ("customer", "customers"), "All over the limit"
    permission, model = "customers.view_customer", "customers_customer"

    def query(self) -> dict[str, str]:
        return {"owing": "over"}

    def rows(self, day: Day) -> QuerySet[Any]:
        live = Customer.objects.for_store(day.store).live()
        return live.filter(OVER).order_by("-account_balance", "-id")

    def item(self, day: Day, customer: Customer) -> Item:
        over = customer.account_balance - (customer.credit_limit or Decimal(0))
        return Item(
            Task(self.kind, customer.pk),
            str(customer),
            page_of(self.model, customer.pk),
            (", ".join([*company_of(customer), "new charges are refused"]),),
            store_amount(customer.account_balance, day.store),
            f"{store_amount(over, day.store)} over",
            "warn",
        )


def company_of(customer: Customer) -> tuple[str, ...]:
    is_named_so = customer.company in ("", str(customer))
    return () if is_named_so else (customer.company,)
