from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from stores.database.plans import plannable
from stores.models.base import TenantModel, TenantQuerySet


class YearSequenceQuerySet(TenantQuerySet["YearSequence"]):
    @plannable
    def of_year(self, year: int) -> Self:
        return self.filter(year=year)


class YearSequence(TenantModel):
    """The last number of a store in a year. Its row lock keeps numbers without gaps."""

    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    objects: ClassVar = YearSequenceQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class OrderSequence(YearSequence):
    """The last order number of a store in a year."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "year"], name="sequence_once_a_year"),
        ]


class CreditNoteSequence(YearSequence):
    """The last number of a credit note of a store in a year."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "year"], name="credit_sequence_once_a_year"),
        ]
