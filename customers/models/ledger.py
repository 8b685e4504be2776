from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from customers.models.money import money
from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class Account(models.TextChoices):
    HOUSE = "house", "House account"
    LOYALTY = "loyalty", "Loyalty points"


# Reasons of entries that an order's own operations post.
OF_ORDERS = ("order", "payment", "refund", "credit_note", "cancellation", "merge", "unmerge")
# Of these, the ones that lower what the order comes to.
REDUCTIONS = ("refund", "credit_note", "cancellation", "merge", "unmerge")
# What the store has given up, and what it hopes for again.
WRITE_OFF = "write_off"
# The customer got money of its credit back.
PAY_OUT = "pay_out"
# Balances that were owed, or paid too much, before the book had them: no money came.
OPENING = "opening"
# What a merge of customers moves from one account to the other.
TRANSFERS = ("merge", "unmerge")
OF_ORDER = Q(order_uid__isnull=False, reason__in=OF_ORDERS)


def settled_day(path: str = "settled_on") -> models.Func:
    """Return the day on which a charge was settled, and for an open one the last day there is.

    So one range of an index has all charges that were open on a day.
    """
    # That day is no parameter: with one, PostgreSQL would not see that the expression is the index's.
    day: models.DateField[Any, Any] = models.DateField()
    return models.Func(path, template="COALESCE(%(expressions)s, '9999-12-31')", output_field=day)


class LedgerEntry(TenantModel):
    """A posting to a customer's house account or points. Corrections are new entries.

    `balance_after` is the balance before plus `amount`. A database trigger refuses UPDATE and DELETE.

    Any posting of a customer may name one of its orders in `order_uid`. A payment that names an order pays that
    order's charge first, whoever posted it. A charge that names an order belongs to the order's own charge only
    when an operation of the order posted it (see `is_of_order`). A point of sale's charge is one of its own.
    """

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="ledger_entries"
    )
    uid = models.UUIDField(default=new_uid, editable=False)
    account = models.CharField(max_length=7, choices=Account.choices)
    amount = money(help_text="Positive adds to what is owed (or to the points).")
    balance_after = money()
    reason = models.CharField(max_length=30, default="adjustment")
    notes = models.CharField(max_length=500, blank=True)
    order_uid = models.UUIDField("order", null=True, blank=True)
    # These are empty in entries of former releases: the day of `created_at`, or the order's due day.
    due_on = models.DateField(null=True, blank=True, help_text="When a charge is due.")
    paid_on = models.DateField(
        null=True, blank=True, help_text="The day of the bank, of a payment."
    )
    method = models.CharField(
        max_length=50,
        blank=True,
        help_text="Of a payment by hand; blank when nobody said it.",
    )
    reverses_uid = models.UUIDField(
        null=True, blank=True, help_text="The payment's entry that this one takes back."
    )
    actor_name = models.CharField("by", max_length=250)
    created_at = models.DateTimeField("when", default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = "ledger posting"
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="entry_uid_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_amount_not_zero"),
            models.UniqueConstraint(
                fields=["store", "reverses_uid"],
                name="entry_reversed_once",
                condition=~Q(reverses_uid=None),
            ),
        ]
        indexes = [
            # For the list of one customer and for that of a store; both are paged by id.
            models.Index(fields=["store", "customer", "account", "id"], name="entries_of_customer"),
            models.Index(fields=["store", "account", "id"], name="entries_of_store"),
            # Has all columns that the balance of an earlier day is added up from.
            models.Index(
                fields=["store", "account", "created_at", "paid_on", "customer", "amount"],
                name="entries_since",
            ),
            models.Index(
                fields=["store", "created_at"],
                name="entries_of_transfers",
                condition=Q(reason__in=TRANSFERS),
            ),
            models.Index(
                fields=["store", "order_uid"],
                name="entries_of_order",
                condition=~Q(order_uid=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount:+}"

    @property
    def is_of_order(self) -> bool:
        return self.order_uid is not None and self.reason in OF_ORDERS

    @property
    def charge_uid(self) -> uuid.UUID:
        """The uid of the charge that the entry counts for: its order's, or its own."""
        return self.order_uid if self.order_uid and self.is_of_order else self.uid


class Charge(TenantModel):
    """An amount that an order, or a posting without an order, put on a house account.

    `open_amount` is what is still owed of it: the amount less its allocations (see `orders.models.allocation`).
    The table repeats what ledger and allocations say, so that queries can find it by due day. `verify_ledger`
    compares them.
    """

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="charges"
    )
    uid = models.UUIDField(editable=False, help_text="Of the order, or else of the ledger's entry.")
    is_of_order = models.BooleanField(default=False)
    posted_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField()
    amount = money()
    open_amount = money(default=0)
    settled_on = models.DateField(null=True, help_text="When the last of it was paid.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "customer", "uid"], name="charge_once"),
            models.CheckConstraint(
                condition=Q(open_amount__gte=0, open_amount__lte=F("amount")),
                name="charge_open_within_amount",
            ),
        ]
        indexes = [
            models.Index(
                # The order in which payments are allocated.
                fields=["store", "customer", "due_on", "id"],
                name="charges_open_of_customer",
                condition=Q(open_amount__gt=0),
            ),
            models.Index(
                # Has all columns that receivables by age are added up from.
                fields=["store", "due_on", "customer", "open_amount"],
                name="charges_open",
                condition=Q(open_amount__gt=0),
            ),
            # For what was open on an earlier day: has all columns that are asked for, so no row is read.
            models.Index(
                "store",
                settled_day(),
                "posted_at",
                "due_on",
                "id",
                "settled_on",
                name="charges_settled_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on}: {self.open_amount} of {self.amount}"
