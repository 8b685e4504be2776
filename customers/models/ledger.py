from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers.models.customer import money
from stores.models.base import TenantModel, new_uid


class Account(models.TextChoices):
    HOUSE = "house", "House account"
    LOYALTY = "loyalty", "Loyalty points"


class LedgerEntry(TenantModel):
    """One posting to a customer's house account or points; never changed, corrections are new entries.

    `balance_after` = the balance before + `amount`. A database trigger refuses UPDATE and DELETE.
    """

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="ledger_entries"
    )
    uid = models.UUIDField(default=new_uid, editable=False)
    account = models.CharField(max_length=7, choices=Account.choices)
    amount = money(help_text="Positive adds to what is owed (or to the points).")
    balance_after = money()
    reason = models.CharField(max_length=30, default="adjustment")
    notes = models.CharField(max_length=500, blank=True)
    order_uid = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=250)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "ledger entries"
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="entry_uid_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="entry_amount_not_zero"),
        ]
        indexes = [
            models.Index(fields=["store", "customer", "account", "id"], name="entries_of_customer"),
            models.Index(fields=["store", "account", "id"], name="entries_of_store"),
            models.Index(
                fields=["store", "order_uid"],
                name="entries_of_order",
                condition=~Q(order_uid=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount:+}"
