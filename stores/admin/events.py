from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stores.admin.base import ReadOnlyAdmin
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator
from stores.models import Event
from stores.models.base import parse_uid
from stores.models.event import EVENT_TYPES


class TypeFilter(admin.SimpleListFilter):
    title, parameter_name = "type", "type"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in EVENT_TYPES]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(type=self.value()) if self.value() in EVENT_TYPES else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The audit trail: every change, as it was recorded."""

    list_display = ["created_at", "type", "about", "fields_changed", "actor_name", "store"]
    list_filter = [("store", ScopedRelatedFilter), TypeFilter]
    search_fields = ["customer_uid"]
    search_help_text = "A customer's full id: a UUID, or in the form cust_…"
    ordering = ["-id"]
    list_per_page = 50
    paginator = BoundedPaginator
    fields = ["created_at", "store", "type", "about", "actor_name", "old_values", "new_values"]
    readonly_fields = ["about", "old_values", "new_values"]

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("store")

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        text = search_term.strip().lower()
        if text:
            uid = parse_uid(text) or parse_uid(text, text[:5])
            queryset = queryset.filter(customer_uid=uid) if uid else queryset.none()
        return queryset, False

    @admin.display(description="About")
    def about(self, event: Event) -> str:
        snapshot = event.snapshot
        return snapshot.get("number") or snapshot.get("name") or str(event.subject_uid)

    @admin.display(description="Changed fields")
    def fields_changed(self, event: Event) -> str:
        return ", ".join(event.changed)

    @admin.display(description="Before")
    def old_values(self, event: Event) -> SafeString:
        return as_text(event.before)

    @admin.display(description="After")
    def new_values(self, event: Event) -> SafeString:
        return as_text(event.snapshot)


def as_text(data: Any) -> SafeString:
    text = json.dumps(data, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
    return format_html('<pre class="data">{}</pre>', text)
