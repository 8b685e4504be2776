"""Find and save views of a list: a person's own, and those that are shared with their stores."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from stores.admin.query import whole_number
from stores.admin.tenancy import scope_of, stores_of
from stores.models import SavedView, Store


class ViewsOfList:
    """All that a person may see of the views of one list; one query reads them."""

    def __init__(self, request: HttpRequest, name: str) -> None:
        self.request, self.name = request, name

    @cached_property
    def rows(self) -> list[SavedView]:
        own = Q(owner=self.request.user.pk)
        ids = scope_of(self.request).ids
        shared = Q(store__isnull=False) if ids is None else Q(store__in=ids)
        views = SavedView.objects.filter(own | shared, list_name=self.name)
        return list(views.select_related("store").order_by("name", "pk"))

    @cached_property
    def named(self) -> list[SavedView]:
        return [view for view in self.rows if view.name and (view.store_id or self.is_own(view))]

    @property
    def own_columns(self) -> list[str]:
        """Return the columns that the person chose for the list, or nothing."""
        return next((view.columns for view in self.rows if not view.name), [])

    @property
    def stores(self) -> list[Store]:
        """Return the stores that a view can be shared with."""
        return stores_of(self.request)

    def is_own(self, view: SavedView) -> bool:
        return view.owner_id == self.request.user.pk

    def may_change(self, view: SavedView) -> bool:
        """Return whether the person made the view, or may change it in the place of somebody who is gone."""
        user: Any = self.request.user
        return self.is_own(view) or (view.owner_id is None and user.has_perm("stores.change_store"))

    def get(self, text: str) -> SavedView | None:
        pk = whole_number(text)
        return next((view for view in self.named if view.pk == pk), None)

    def remember_columns(self, columns: list[str]) -> None:
        """Keep the columns of the list for this person. Without any, forget them."""
        if not columns:
            SavedView.objects.filter(
                owner=self.request.user.pk, list_name=self.name, name=""
            ).delete()
            return
        SavedView.objects.update_or_create(
            owner_id=self.request.user.pk,
            list_name=self.name,
            name="",
            defaults={"columns": columns},
        )
