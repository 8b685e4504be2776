"""Erasures that systems have not confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from config.admin.today.source import SYSTEMS, Day, Item, Source, page_of
from customers.privacy.models import Erasure, ErasureReceipt
from customers.privacy.models.receipt import OVERDUE_DAYS
from customers.tasks.kinds import TaskKind
from customers.tasks.services.assigning import Task


class Receipts(Source):
    """Erasures that a system has not confirmed for a week or longer."""

    is_counted = False
    kind = TaskKind.RECEIPTS
    title, permission, model = SYSTEMS, "privacy.view_erasure", "privacy_erasure"

    def rows(self, day: Day) -> QuerySet[Any]:
        waiting = ErasureReceipt.objects.for_store(day.store).filter(confirmed_at=None)
        late = timezone.now() - timedelta(days=OVERDUE_DAYS[0])
        erasures = Erasure.objects.for_store(day.store).filter(erased_at__lte=late)
        return erasures.filter(pk__in=waiting.values("erasure")).order_by("erased_at", "id")

    def item(self, day: Day, erasure: Erasure) -> Item:
        receipts = ErasureReceipt.objects.for_store(day.store).filter(erasure=erasure)
        names = list(receipts.filter(confirmed_at=None).values_list("name", flat=True))
        days = (timezone.now() - erasure.erased_at).days
        level = max(limit for limit in OVERDUE_DAYS if limit <= days)
        noun = "1 system" if len(names) == 1 else f"{len(names)} systems"
        return Item(
            Task(self.kind, erasure.pk),
            f"{noun} did not confirm the erasure of {date_format(erasure.erased_at, 'DATE_FORMAT')}",
            page_of(self.model, erasure.pk),
            (", ".join(names[:3]),),
            "",
            f"over {level} days",
            "warn" if level == OVERDUE_DAYS[0] else "bad",
        )
