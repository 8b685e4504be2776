"""Filter events by who made the change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from stores.actors import SYSTEM, Actor
from stores.admin.query import whole_number
from stores.admin.tenancy import scope_of
from stores.models import ApiKey

MOST_ACTORS = 100
RECENT = timedelta(days=30)  # of a person's changes, where no day is chosen


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
