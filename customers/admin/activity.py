"""Activity: what was changed, by whom and when, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from customers.admin import timeline
from customers.models import Customer
from stores.admin.actor_filter import ActorFilter, actor_value
from stores.admin.base import ReadOnlyAdmin
from stores.admin.events import ChangedFilter, TypeFilter, as_text
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator, of_one_store
from stores.admin.tenancy import zone_of
from stores.models import Event
from stores.models.base import parse_uid

MOST_NAMES = 4  # of changed fields in the list


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The audit trail: every change, as it was recorded."""

    list_display = ["when", "what", "who", "store"]
    list_filter = [("store", ScopedRelatedFilter), ActorFilter, ChangedFilter, TypeFilter]
    list_display_links = ["what"]
    search_fields = ["customer_uid"]
    search_help_text = "A customer's full id: a UUID, or in the form cust_…"
    list_per_page = 50
    paginator = BoundedPaginator

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("store")

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """Order by time where an index serves it: within one store."""
        return ["-created_at", "-id"] if of_one_store(request) else ["-id"]

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        text = search_term.strip().lower()
        if text:
            uid = parse_uid(text) or parse_uid(text, text[:5])
            queryset = queryset.filter(customer_uid=uid) if uid else queryset.none()
        return queryset, False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        zone = zone_of(request)
        changelist = super().get_changelist_instance(request)
        for event in changelist.result_list:
            event.day = localtime(event.created_at, zone).date()
        return changelist

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return super().changelist_view(request, {"title": "Activity", **(extra_context or {})})

    @admin.display(description="When", ordering="created_at")
    def when(self, event: Event) -> datetime:
        return event.created_at

    @admin.display(description="What")
    def what(self, event: Event) -> str:
        return sentence(event)

    @admin.display(description="Who")
    def who(self, event: Event) -> SafeString:
        """Return the person, with a link to all that they changed on that day."""
        values = {
            "person": actor_value(event.actor_kind, event.actor_id),
            "from": event.day.isoformat(),
            "to": event.day.isoformat(),
        }
        title = f"All changes by {event.actor_name} on {event.day:%-d %B %Y}"
        query = urlencode({"store__id__exact": event.store_id, **values})
        return format_html('<a href="?{}" title="{}">{}</a>', query, title, event.actor_name)

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        event = self.get_object(request, object_id)
        if event is None:
            self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST" or not self.has_view_permission(request, event):
            return super().change_view(request, object_id, *args, **kwargs)
        [entry] = timeline.entries([event])
        context = {
            **self.admin_site.each_context(request),
            "title": sentence(event),
            "opts": self.opts,
            "original": event,
            "entry": entry,
            "customer": customer_of(event),
            "before": as_text(event.before),
            "after": as_text(event.snapshot),
        }
        return TemplateResponse(request, "admin/stores/event/page.html", context)


def sentence(event: Event) -> str:
    """Return what happened to whom, such as “Ann Lee: e-mail, phone changed”."""
    snapshot = event.snapshot
    name = snapshot.get("number") or snapshot.get("name") or "Customer without a name"
    title = timeline.title_of(event)
    names = [timeline.label(Customer, one).lower() for one in event.changed if is_shown(one)]
    if not event.type.endswith(".updated") or not names:
        return f"{name}: {title.lower()}"
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"{name}: {', '.join(names[:MOST_NAMES])}{more} changed"


def is_shown(name: str) -> bool:
    return name not in timeline.HIDDEN_FIELDS and name != timeline.ERASED


def customer_of(event: Event) -> dict[str, str] | None:
    """Return name and page of the customer, None for one that has no page any more."""
    rows = Customer.objects.filter(store=event.store_id, uid=event.customer_uid, withdrawn_at=None)
    customer = rows.first()
    if customer is None:
        return None
    url = reverse("admin:customers_customer_change", args=[customer.pk])
    return {"name": str(customer), "url": url}
