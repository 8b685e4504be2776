"""The days that a report covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from orders.open_charges import end_of
from stores.models import Store


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, of a store."""

    store: Store
    first: date
    last: date

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time.min, self.store.tzinfo)

    @property
    def end(self) -> datetime:
        """The midnight after the last day."""
        return end_of(self.last, self.store.tzinfo)

    def holds(self, moment: str) -> Q:
        """Return the condition for rows whose column `moment` is in the period."""
        return Q((f"{moment}__gte", self.start), (f"{moment}__lt", self.end))

    def day_of(self, moment: datetime) -> date:
        return timezone.localdate(moment, self.store.tzinfo)
