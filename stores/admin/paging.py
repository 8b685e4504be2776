"""Changelists of large tables: no page of them counts or sorts the whole table."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Page
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest

from stores.admin.generic import AnyPaginator
from stores.admin.tenancy import scope_of
from stores.models.base import ALL_STORES_INDEX_CONDITION

MAX_ROWS = 2000


class CappedCount(int):
    """A count that was not carried on beyond this number; shown as “more than” it."""

    def __str__(self) -> str:
        return f"more than {int(self)}"


def capped_count(rows: QuerySet[Any]) -> int:
    """How many rows there are, counted up to `MAX_ROWS + 1`."""
    return rows.order_by()[: MAX_ROWS + 1].count()


class BoundedPaginator(AnyPaginator):
    """Pages through the first `MAX_ROWS` rows; whoever looks for others searches or filters.

    What is there and how much of it is one question to the database: filters that find little are looked
    up once, not for the count and again for the page.
    """

    @cached_property
    def keys(self) -> list[Any]:
        """The rows' keys in their order, one more than are shown."""
        return list(self.object_list.values_list("pk", flat=True)[: MAX_ROWS + 1])

    @cached_property
    def count(self) -> int:
        return CappedCount(MAX_ROWS) if len(self.keys) > MAX_ROWS else len(self.keys)

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        shown = self.keys[start : min(start + self.per_page, MAX_ROWS)]
        rows = self.object_list.all()
        rows.query.clear_where()  # the keys have passed it; to search once more may take longer than before
        page: Page[Any] = self._get_page(rows.filter(pk__in=shown), number, self)
        return page


class LargeTableChangeList(ChangeList):
    """Sorts few rows by any column, and many rows of one store only by columns that have an index."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_filters, self.preserved_filters = self.preserved_filters, ""

    @cached_property
    def around_key(self) -> tuple[str, str]:
        """What stands before and behind the key in the address of every row."""
        before, _, after = super().url_for_result(self.model(pk=0)).rpartition("0")
        return before, f"{after}?{self.kept_filters}" if self.kept_filters else after

    def url_for_result(self, result: Model) -> str:
        """With the list's filters, to come back to; Django would resolve each row's address to add them."""
        before, after = self.around_key
        return f"{before}{result.pk}{after}"

    def get_filters(self, request: HttpRequest) -> Any:
        """Django reads the dates; what leads past the last day it knows it does not refuse."""
        try:
            return super().get_filters(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error

    def get_results(self, request: HttpRequest) -> None:
        """Django would look for the rows of an only page once more."""
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        if not self.params.get(ORDER_VAR):
            order = self.model_admin.ordering_for_filters(request)
            return (
                found.order_by(*match_index_direction(self.model, order))
                if order
                else self.by_date(request, found)
            )
        order = [str(name) for name in found.query.order_by]
        if not self.has_index(request, order) and capped_count(found) > MAX_ROWS:
            text = (
                f"More than {MAX_ROWS} are too many to sort so. Choose a store or a filter first."
            )
            self.model_admin.message_user(request, text, messages.WARNING)
            del self.params[ORDER_VAR]
            return found.order_by(*self.model_admin.get_ordering(request))
        return found.order_by(*match_index_direction(self.model, order))

    def by_date(self, request: HttpRequest, found: QuerySet[Any]) -> QuerySet[Any]:
        """Rows of some days stand by their day, as an index has them."""
        moment = self.date_hierarchy
        if not any(name.startswith(f"{moment}__") for name in self.params):
            return found
        rows = found if of_one_store(request) else found.filter(ALL_STORES_INDEX_CONDITION)
        return rows.order_by(f"-{moment}", "-id")

    def has_index(self, request: HttpRequest, order: list[str]) -> bool:
        first, *others = (name.removeprefix("-") for name in order)
        quick = first in self.model_admin.indexed_orderings(request)
        return quick and others == ["id"] and of_one_store(request)


def of_one_store(request: HttpRequest) -> bool:
    ids = scope_of(request).ids
    return "store__id__exact" in request.GET or (ids is not None and len(ids) == 1)


def match_index_direction(model: type[Model], order: list[str]) -> list[Any]:
    """The ordering as the indexes have it: the last key in the direction of the first, NULL as the least."""
    if len(order) == 1:
        return order
    first, *between, last = order
    name, falls = first.removeprefix("-"), first.startswith("-")
    last = f"{'-' if falls else ''}{last.removeprefix('-')}"
    if "__" in name or not model._meta.get_field(name).null:
        return [first, *between, last]
    null_last = F(name).desc(nulls_last=True)
    return [null_last if falls else F(name).asc(nulls_first=True), *between, last]


class LargeTableMixin:
    """For the admin of a model with very many rows."""

    def ordering_for_filters(self, request: HttpRequest) -> list[str]:
        """The ordering of the index that serves the filters of this request; empty where there is none."""
        return []

    def indexed_orderings(self, request: HttpRequest) -> set[str]:
        """The fields by which the rows of one store can be sorted through an index."""
        return set()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LargeTableChangeList
