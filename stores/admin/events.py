"""Filters of events by kind and day, and events as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stores.admin.lists.range_filters import DayFilter
from stores.models.event_types import EVENT_TYPES

KINDS = {
    "customer.created": "Customer created",
    "customer.updated": "Customer changed",
    "customer.deleted": "Customer deleted",
    "customer.restored": "Customer restored",
    "order.created": "Order placed",
    "order.updated": "Order changed",
}


class TypeFilter(admin.SimpleListFilter):
    title, parameter_name = "kind", "type"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, KINDS.get(name, name)) for name in EVENT_TYPES]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(type=self.value()) if self.value() in EVENT_TYPES else queryset


class ChangedFilter(DayFilter):
    title, column = "day", "created_at"
    inputs = (("from", "From", 10), ("to", "To", 10))


def as_text(data: Any) -> SafeString:
    text = json.dumps(data, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
    return format_html('<pre class="data">{}</pre>', text)
