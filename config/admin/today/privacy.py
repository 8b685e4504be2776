"""What data protection law asks of a store: requests that fall due, erasures announced or not confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from config.admin.today.source import Day, Item, Source, days, page_of
from customers.privacy.models import Erasure, ErasureReceipt, PrivacyRequest, RetentionRule
from customers.privacy.models.receipt import OVERDUE_DAYS
from customers.privacy.models.request import RequestState
from customers.privacy.services.retention.schedule import announced
from customers.privacy.words import sentence
from customers.tasks.kinds import TaskKind
from customers.tasks.services.assigning import Task

TITLE = "Systems and requests"
DUE_SOON = timedelta(days=10)


class PrivacyRequests(Source):
    is_counted = False
    kind = TaskKind.PRIVACY
    title, permission, model = TITLE, "privacy.view_privacyrequest", "privacy_privacyrequest"

    def rows(self, day: Day) -> QuerySet[Any]:
        requests = PrivacyRequest.objects.for_store(day.store).filter(state=RequestState.OPEN)
        due = requests.filter(due_on__lte=day.today + DUE_SOON)
        return due.select_related("customer").order_by("due_on", "id")

    def item(self, day: Day, request: PrivacyRequest) -> Item:
        left = (request.due_on - day.today).days
        received = date_format(request.received_on, "DATE_FORMAT")
        late = "due today" if left == 0 else f"{days(-left)} late"
        return Item(
            Task(self.kind, request.pk),
            f"{request.customer} asks: {request.get_kind_display().lower()}",
            page_of(self.model, request.pk),
            (f"Received on {received}",),
            "",
            f"due in {days(left)}" if left > 0 else late,
            "warn" if left > 0 else "bad",
        )


class Retention(Source):
    """What rules will erase or delete within two weeks: time to look, or to switch a rule off."""

    is_counted = False
    kind = TaskKind.RETENTION
    title, permission, model = TITLE, "privacy.view_retentionrule", "privacy_retentionrule"

    def rows(self, day: Day) -> QuerySet[Any]:
        return announced(day.store)

    def item(self, day: Day, rule: RetentionRule) -> Item:
        assert rule.next_run_on is not None  # noqa: S101 # announced ones have a day
        left = (rule.next_run_on - day.today).days
        return Item(
            Task(self.kind, rule.pk),
            f"{rule.get_what_display().partition(':')[0]}: {sentence(rule)}",
            page_of(self.model, rule.pk),
            ("Look at the preview; switch the rule off to stop it",),
            "",
            f"in {days(left)}" if left > 0 else "under way",
            "warn",
        )


class Receipts(Source):
    """Erasures that a system has not confirmed for a week or longer."""

    is_counted = False
    kind = TaskKind.RECEIPTS
    title, permission, model = TITLE, "privacy.view_erasure", "privacy_erasure"

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
