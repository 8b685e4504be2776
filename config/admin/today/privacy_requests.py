"""Requests about their data that people made to a store, shortly before they fall due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format

from config.admin.today.source import SYSTEMS, Day, Item, Source, days, page_of
from customers.privacy.models import PrivacyRequest
from customers.privacy.models.request import RequestState
from customers.tasks.kinds import TaskKind
from customers.tasks.services.assigning import Task

DUE_SOON = timedelta(days=10)


class PrivacyRequests(Source):
    is_counted = False
    kind = TaskKind.PRIVACY
    title, permission, model = SYSTEMS, "privacy.view_privacyrequest", "privacy_privacyrequest"

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
