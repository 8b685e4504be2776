"""Receivers of webhooks that fail."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from config.admin.today.source import SYSTEMS, Day, Item, Source, page_of
from customers.tasks.kinds import TaskKind
from customers.tasks.services.assigning import Task
from stores.models import WebhookEndpoint


class Webhooks(Source):
    is_counted = False
    kind = TaskKind.WEBHOOK
    title, permission, model = SYSTEMS, "stores.view_webhookendpoint", "stores_webhookendpoint"

    def rows(self, day: Day) -> QuerySet[Any]:
        return WebhookEndpoint.objects.for_store(day.store).failing().order_by("-id")

    def item(self, day: Day, endpoint: WebhookEndpoint) -> Item:
        since = endpoint.failing_since
        moment = date_format(localtime(since), "DATETIME_FORMAT") if since else ""
        reason = endpoint.disabled_reason or f"Messages wait since {moment}"
        return Item(
            Task(self.kind, endpoint.pk),
            f"{endpoint.description or endpoint.url} refuses messages",
            page_of(self.model, endpoint.pk),
            (reason,),
            "",
            "failing" if endpoint.is_active else "switched off",
            "bad",
        )
