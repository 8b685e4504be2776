"""The stores that a member of staff works in, and querysets narrowed to them.

People with stores (`Store.staff`) see those. Without any, a superuser sees every store, and others see nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo
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
    """The ids of a person's stores, None for all stores, and the time zone they share (else UTC)."""

    ids: tuple[int, ...] | None
    timezone: str = "UTC"

    def narrow(self, rows: QuerySet[Row], path: str = "store") -> QuerySet[Row]:
        """Return the rows whose store is in the scope; `path` is the lookup of the store."""
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


CHOSEN_STORE = "store"  # in a session: the one of their stores that the person works in now


def scope_of(request: HttpRequest) -> Scope:
    """Return the scope of the request's user, or of the store they chose; the first call reads it."""
    scope = getattr(request, "store_scope", None)
    if scope is None:
        chosen = getattr(request, "session", {}).get(CHOSEN_STORE)
        whole = whole_scope_of(request)
        store = whole.stores().filter(pk=chosen).first() if chosen is not None else None
        scope = Scope((store.pk,), store.timezone) if store else whole
        request.store_scope = scope
    return scope


def whole_scope_of(request: HttpRequest) -> Scope:
    """Return the scope of the request's user, whichever store they chose; the first call reads it."""
    scope: Scope | None = getattr(request, "whole_store_scope", None)
    if scope is None:
        scope = request.whole_store_scope = _scope_of(request.user)
    return scope


def _scope_of(user: Any) -> Scope:
    zone_by_store = dict(
        Store.objects.filter(staff=user.pk).order_by("pk").values_list("pk", "timezone")
    )
    if user.is_superuser and not zone_by_store:
        return Scope(None)
    zones = set(zone_by_store.values())
    return Scope(tuple(zone_by_store), zones.pop() if len(zones) == 1 else "UTC")


def stores_of(request: HttpRequest) -> list[Store]:
    """Return the user's stores by name; the first call reads them."""
    stores = getattr(request, "stores_in_scope", None)
    if stores is None:
        stores = request.stores_in_scope = list(scope_of(request).stores().order_by("name", "pk"))
    return stores


def only_store(request: HttpRequest) -> Store | None:
    """Return the store of a person who works in one, else None."""
    stores = scope_of(request).stores().order_by("pk")[:2]
    return stores[0] if len(stores) == 1 else None


def currencies_of(request: HttpRequest) -> list[str]:
    """Return the currencies of the stores that a list shows: of the one it is filtered by, or of all."""
    stores = scope_of(request).stores()
    if (pk := whole_number(request.GET.get("store__id__exact", ""))) is not None:
        stores = stores.filter(pk=pk)
    return sorted(set(stores.order_by().values_list("currency", flat=True).distinct()))


def country_of(request: HttpRequest) -> str:
    """Return the country whose way of writing numbers and dates a list has: of its store, else none."""
    pk = whole_number(request.GET.get("store__id__exact", ""))
    store = scope_of(request).stores().filter(pk=pk).first() if pk is not None else None
    store = store or only_store(request)
    return store.country if store else ""


def today(request: HttpRequest) -> date:
    """Return today's date in the store that a list is filtered by, else in the page's time zone."""
    return timezone.localdate(timezone=zone_of(request))


def zone_of(request: HttpRequest) -> tzinfo:
    """Return the time zone of the store that a list is filtered by, else the page's."""
    pk = whole_number(request.GET.get("store__id__exact", ""))
    store = scope_of(request).stores().filter(pk=pk).first() if pk is not None else None
    return store.tzinfo if store else timezone.get_current_timezone()


def path_to_store(model: type[Model]) -> str | None:
    """Return the lookup from a model to its store, or None when its rows belong to no store."""
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
    """Return the rows of any model that belong to the user's stores."""
    path = path_to_store(rows.model)
    if path is None:
        return rows
    scope = scope_of(request)
    rows = scope.narrow(rows, path)
    # a person of several of these stores would appear once for each
    return rows.distinct() if path == "stores" and scope.ids and len(scope.ids) > 1 else rows
