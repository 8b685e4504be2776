"""Filters of events by kind, day and person, and events as JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stores.actors import SYSTEM, Actor
from stores.admin.lists.form_filters import DayFilter
from stores.admin.query import whole_number
from stores.admin.tenancy import scope_of
from stores.models import ApiKey
from stores.models.event_types import EVENT_TYPES

KINDS = {
    "customer.created": "Customer created",
    "customer.updated": "Customer changed",
    "customer.deleted": "Customer deleted",
    "customer.restored": "Customer restored",
    "order.created": "Order placed",
    "order.updated": "Order changed",
}
MOST_ACTORS = 100
RECENT = timedelta(days=30)  # of a person's changes, where no day is chosen


class TypeFilter(admin.SimpleListFilter):
    title, parameter_name = "kind", "type"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, KINDS.get(name, name)) for name in EVENT_TYPES]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(type=self.value()) if self.value() in EVENT_TYPES else queryset


class ChangedFilter(DayFilter):
    title, column = "day", "created_at"
    inputs = (("from", "From", 10), ("to", "To", 10))


def actor_value(kind: str, pk: int | None) -> str:
    """Return how the URL of a list names an actor, such as `staff-3`."""
    return f"{kind}-{pk or 0}"


class ActorFilter(admin.SimpleListFilter):
    """Filter by who made the change. Without a day it shows those of the last 30 days."""

    title, parameter_name = "person", "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        scope = scope_of(request)
        staff = get_user_model().objects.filter(is_staff=True).order_by("first_name", "username")
        if scope.ids is not None:
            bound = get_user_model().objects.filter(stores__in=scope.ids).values("pk")
            staff = staff.filter(Q(pk__in=bound) | Q(is_superuser=True))
        keys = scope.narrow(ApiKey.objects.all()).order_by("name", "pk")
        actors = [Actor.staff(user) for user in staff[:MOST_ACTORS]]
        actors += [Actor.key(key) for key in keys[:MOST_ACTORS]]
        return [(actor_value(actor.kind, actor.id), actor.name) for actor in [*actors, SYSTEM]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        kind, _, number = (self.value() or "").partition("-")
        pk = whole_number(number)
        if pk is None:
            return queryset
        if not (request.GET.get("from") or request.GET.get("to")):
            queryset = queryset.filter(created_at__gte=timezone.now() - RECENT)
        return queryset.filter(actor_kind=kind, actor_id=pk or None)


def as_text(data: Any) -> SafeString:
    text = json.dumps(data, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
    return format_html('<pre class="data">{}</pre>', text)
