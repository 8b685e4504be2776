"""Choices that a form looks up while somebody types, of some of the user's stores only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import QuerySet
from django.http import HttpRequest

from stores.admin.query import whole_number

STORE_VAR = "of_store"


class OfStores:
    """Add the ids of `stores` to the URL of the choices; without any they are of all the user's stores."""

    stores: Iterable[int] = ()

    def get_url(self) -> str:
        url: str = super().get_url()  # type: ignore[misc]
        query = urlencode([(STORE_VAR, pk) for pk in self.stores])
        return f"{url}?{query}" if query else url


class StoreSelect(OfStores, AutocompleteSelect):
    """One choice."""


class StoreSelectMultiple(OfStores, AutocompleteSelectMultiple):
    """Several choices, each with a button that removes it; so there is none that removes all."""

    def build_attrs(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().build_attrs(*args, **kwargs), "data-allow-clear": "false"}


def narrow_to_stores(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Return the rows of the stores that the URL names, or all of them when it names none."""
    texts = request.GET.getlist(STORE_VAR)
    return rows.filter(store__in=[whole_number(text) for text in texts]) if texts else rows
