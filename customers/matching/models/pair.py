from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from customers.matching.levels import LEVELS, Level, level_of
from customers.models import Customer
from stores.models.base import TenantModel, TenantQuerySet
from stores.models.tenant_keys import TenantForeignKey


class Decision(models.TextChoices):
    OPEN = "open"
    DIFFERENT = "different", "different people"


class DuplicatePairQuerySet(TenantQuerySet["DuplicatePair"]):
    def open(self) -> DuplicatePairQuerySet:
        """Return pairs that nobody has decided and whose customers are both live."""
        live = Q(first__deleted_at=None, second__deleted_at=None)
        return self.filter(live, decision=Decision.OPEN)

    def of_customer(self, store: int, customer: int) -> DuplicatePairQuerySet:
        """Return the pairs of one customer, whatever was decided about them."""
        return self.filter(Q(first=customer) | Q(second=customer), store=store)

    def at_least(self, level: Level) -> DuplicatePairQuerySet:
        return self.filter(score__gte=LEVELS[level])


class DuplicatePair(TenantModel):
    """Two customers of a store who may be one, why, and what somebody decided."""

    # Every index begins with the store.
    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    first = TenantForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    second = TenantForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    score = models.FloatField(help_text="In bits; 8 is sure, 4 is likely, 0 is possible.")
    reasons = models.JSONField(help_text="A list of reasons, each with its code and its bits.")
    # Of both profiles: a decision stands while it is the same.
    evidence = models.CharField(max_length=32)
    found_at = models.DateTimeField(default=timezone.now)

    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    # Score and reasons at the decision: new evidence is measured against them, and said.
    decided_score = models.FloatField(null=True)
    decided_reasons = models.JSONField(default=list)

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        verbose_name = "duplicate"
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "first", "second"], name="pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
        ]
        indexes = [
            models.Index(
                fields=["store", "-score", "id"],
                name="pair_best",
                condition=Q(decision=Decision.OPEN),
            ),
            models.Index(fields=["store", "second"], name="pair_second"),
        ]

    def __str__(self) -> str:
        return f"{self.first} and {self.second}"

    @property
    def sides(self) -> tuple[Customer, Customer]:
        return self.first, self.second

    @property
    def level(self) -> Level | None:
        return level_of(self.score)

    @property
    def is_reopened(self) -> bool:
        """Return whether it was decided once, and new evidence has opened it again."""
        return self.decision == Decision.OPEN and self.decided_at is not None
