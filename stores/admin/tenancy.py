"""Which stores a member of staff works in, and querysets narrowed to them.

Whoever is bound to stores (`Store.staff`) sees those. A superuser bound to none sees every store;
anybody else bound to none sees nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from stores.admin.query import whole_number
from stores.models import Store

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Scope:
    """The ids of the stores somebody works in, None for all of them, and the time zone they share."""

    ids: tuple[int, ...] | None
    timezone: str = "UTC"

    def narrow(self, rows: QuerySet[Row], path: str = "store") -> QuerySet[Row]:
        """The rows whose store, found at `path`, is in the scope."""
        if self.ids is None:
            return rows
        if len(self.ids) == 1:
            return rows.filter(**{path: self.ids[0]})
        return rows.filter(**{f"{path}__in": self.ids}) if self.ids else rows.none()

    def stores(self) -> QuerySet[Store]:
        return self.narrow(Store.objects.all(), "pk")

    @property
    def has_several(self) -> bool:
        return self.ids is None or len(self.ids) > 1


def scope_of(request: HttpRequest) -> Scope:
    """The scope of the request's user, asked once in a request."""
    scope = getattr(request, "store_scope", None)
    if scope is None:
        scope = request.store_scope = _scope_of(request.user)
    return scope


def _scope_of(user: Any) -> Scope:
    bound = dict(Store.objects.filter(staff=user.pk).order_by("pk").values_list("pk", "timezone"))
    if user.is_superuser and not bound:
        return Scope(None)
    zones = set(bound.values())
    return Scope(tuple(bound), zones.pop() if len(zones) == 1 else "UTC")


def today(request: HttpRequest) -> date:
    """The day it is in the store that a list is of; in the page's time zone where it is of several."""
    asked = whole_number(request.GET.get("store__id__exact", ""))
    store = scope_of(request).stores().filter(pk=asked).first() if asked is not None else None
    return timezone.localdate(timezone=store.tzinfo if store else None)


def path_to_store(model: type[Model]) -> str | None:
    """Where rows of a model name their store; None for a model of no store."""
    if model is Store:
        return "pk"
    if model is get_user_model():
        return "stores"
    try:
        model._meta.get_field("store")
    except FieldDoesNotExist:
        return None
    return "store"


def narrowed(rows: QuerySet[Row], request: HttpRequest) -> QuerySet[Row]:
    """Rows of any model, those of other stores left out."""
    path = path_to_store(rows.model)
    if path is None:
        return rows
    scope = scope_of(request)
    found = scope.narrow(rows, path)
    return found.distinct() if path == "stores" and scope.ids and len(scope.ids) > 1 else found
