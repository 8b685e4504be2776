"""Read the entries of a house account in a period, with what its lines say beside the amounts."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Sum
from django.utils import timezone

from customers.models import Charge, Customer, LedgerEntry
from customers.money import round_half_up
from orders.credit_notes.numbers import numbers_of_entries
from orders.models import Allocation, Credit, Order, Payment
from orders.models.payment_method import method_key
from orders.open_charges import end_of, entries_until, house_entries
from orders.statements.periods import Period
from orders.statements.words import kind_of_entry
from stores.database.batches import in_parts
from stores.models.base import TenantQuerySet

CREDIT_NOTES = ("credit_note", "refund")  # reasons of their entries
BATCH_SIZE = 1000  # keys in one query


def numbers_of_orders(customer: Customer, uids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the numbers of orders by their uid."""
    numbers: dict[uuid.UUID, str] = {}
    for part in in_parts(uids, BATCH_SIZE):
        orders = Order.objects.filter(store=customer.store_id, uid__in=part)
        numbers.update(orders.values_list("uid", "number"))
    return numbers


def charge_uid(entry: LedgerEntry) -> uuid.UUID | None:
    """Return the uid of the charge that an entry makes, or opens again."""
    if entry.amount < 0:
        return None
    return entry.order_uid if entry.reverses_uid else entry.charge_uid


class PeriodEntries:
    """The entries of a customer's house account in a period, in the order of their days."""

    def __init__(self, customer: Customer, period: Period) -> None:
        self.customer, self.period = customer, period
        self.zone = customer.store.tzinfo

    @cached_property
    def queryset(self) -> TenantQuerySet[LedgerEntry]:
        before = self.period.first - timedelta(days=1)
        until = entries_until(house_entries(self.customer), self.period.last, self.zone)
        posted_before = {"paid_on": None, "created_at__lt": end_of(before, self.zone)}
        return until.exclude(**posted_before).exclude(paid_on__lte=before)

    @cached_property
    def count(self) -> int:
        return self.queryset.count()

    @cached_property
    def rows(self) -> list[LedgerEntry]:
        return sorted(
            self.queryset.order_by("id"), key=lambda entry: (self.day_of(entry), entry.pk)
        )

    def day_of(self, entry: LedgerEntry) -> date:
        return entry.paid_on or timezone.localdate(entry.created_at, self.zone)

    def due_on(self, entry: LedgerEntry) -> date | None:
        uid = charge_uid(entry)
        return self.due_days.get(uid) if uid else None

    def kind_of(self, entry: LedgerEntry) -> str:
        """Return what an entry is, with the method of a payment, or the number of a credit note."""
        if note := self.credit_notes.get(entry.uid):
            return f"Credit note {note}"
        method = self.methods.get(entry.uid, entry.method)
        return f"{kind_of_entry(entry)} by {method}" if method else kind_of_entry(entry)

    def reference_of(self, entry: LedgerEntry) -> str:
        """Return what was noted about a posting by hand, or about the payment that an entry takes back.

        Notes of an order's own charge are for staff: a manager's reason to charge a customer on hold.
        """
        if entry.reverses_uid:
            taken_back = self.reversed_entries.get(entry.reverses_uid)
            return taken_back.notes if taken_back else ""
        says_method = method_key(entry.notes) == method_key(entry.method)  # as a till's notes do
        return "" if entry.is_of_order or says_method else entry.notes

    # --- rows that belong to the entries

    @cached_property
    def numbers(self) -> dict[uuid.UUID, str]:
        """The numbers of orders that entries name or pay, by the uid of the order."""
        named = {entry.order_uid for entry in self.rows if entry.order_uid}
        paid = {uid for rows in self.payees.values() for uid, _ in rows}
        return numbers_of_orders(self.customer, sorted(named | paid))

    @cached_property
    def due_days(self) -> dict[uuid.UUID, date]:
        """The due days of charges by their uid."""
        charges = Charge.objects.filter(store=self.customer.store_id, customer=self.customer)
        uids = filter(None, map(charge_uid, self.rows))
        return dict(charges.filter(uid__in=uids).values_list("uid", "due_on"))

    @cached_property
    def reversed_entries(self) -> dict[uuid.UUID, LedgerEntry]:
        uids = [entry.reverses_uid for entry in self.rows if entry.reverses_uid]
        return {entry.uid: entry for entry in house_entries(self.customer).filter(uid__in=uids)}

    @cached_property
    def methods(self) -> dict[uuid.UUID, str]:
        """The methods of payments of orders, by the uid of the entry."""
        uids = {entry.order_uid for entry in self.rows if entry.reason == "payment"}
        orders = Order.objects.filter(store=self.customer.store_id, uid__in=filter(None, uids))
        payments = Payment.objects.filter(store=self.customer.store_id, order__in=orders.order_by())
        methods = payments.exclude(method="").values_list("entry_uid", "method")
        return {uid: method for uid, method in methods if uid}

    @cached_property
    def credit_notes(self) -> dict[uuid.UUID, str]:
        """The numbers of credit notes by the uid of the entry."""
        uids = [entry.uid for entry in self.rows if entry.reason in CREDIT_NOTES]
        return numbers_of_entries(self.customer.store_id, uids)

    @cached_property
    def payees(self) -> dict[uuid.UUID, list[tuple[uuid.UUID, Decimal]]]:
        """What each credit paid until the end of the period, and of which charge, by the credit's uid."""
        credits = Credit.objects.filter(store=self.customer.store_id, customer=self.customer)
        uids = [entry.uid for entry in self.rows if entry.amount < 0]
        rows = Allocation.objects.filter(store=self.customer.store_id)
        rows = rows.filter(
            credit__in=credits.filter(uid__in=uids), effective_on__lte=self.period.last
        )
        sums = rows.order_by().values_list("credit__uid", "charge__uid").annotate(sum=Sum("amount"))
        paid = defaultdict[uuid.UUID, list[tuple[uuid.UUID, Decimal]]](list)
        for credit, charge, amount in sums.order_by("charge__due_on", "charge__uid"):
            if exact := round_half_up(amount):
                paid[credit].append((charge, exact))
        return paid

    def paid_by(self, entry: LedgerEntry) -> Iterator[tuple[str, Decimal]]:
        for uid, amount in self.payees.get(entry.uid, ()):
            yield self.numbers.get(uid, "Charge"), amount
