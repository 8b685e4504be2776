"""Lists of large tables: no page counts or sorts the whole table."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Page
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest

from stores.admin.generic import AnyPaginator
from stores.admin.lists.changelist import ListChangeList
from stores.admin.tenancy import currencies_of, scope_of
from stores.database.compiled import named_store
from stores.models.base import ALL_STORES_INDEX_CONDITION

MAX_ROWS = 2000


class CappedCount(int):
    """A count that stopped at this number; shown as “more than” it."""

    def __str__(self) -> str:
        return f"more than {int(self)}"


def capped_count(rows: QuerySet[Any]) -> int:
    """Return the number of rows, counted up to `MAX_ROWS + 1`."""
    return rows.order_by()[: MAX_ROWS + 1].count()


class BoundedPaginator(AnyPaginator):
    """Page through the first `MAX_ROWS` rows; a search or a filter finds the others.

    One query reads the keys, and the count follows from them: a filter that matches few rows is slow, and is
    run once instead of twice.
    """

    @cached_property
    def keys(self) -> list[Any]:
        """Return the keys of the rows in order, one more than the list can show."""
        return list(self.object_list.values_list("pk", flat=True)[: MAX_ROWS + 1])

    @cached_property
    def count(self) -> int:
        return CappedCount(MAX_ROWS) if len(self.keys) > MAX_ROWS else len(self.keys)

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        keys = self.keys[start : min(start + self.per_page, MAX_ROWS)]
        rows = self.object_list.all()
        store_id = named_store(rows.query)
        rows.query.clear_where()  # the keys passed it already; a second search may be slower
        rows = rows if store_id is None else rows.filter(store=store_id)
        page: Page[Any] = self._get_page(rows.filter(pk__in=keys), number, self)
        return page


class LargeTableChangeList(ListChangeList):
    """Sort few rows by any column, and many rows only by an indexed column of one store."""

    def get_results(self, request: HttpRequest) -> None:
        """Use the paginator's rows for a single page, too; Django would query them again."""
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        if not self.params.get(ORDER_VAR):
            order = self.model_admin.ordering_for_filters(request)
            return (
                rows.order_by(*match_index_direction(self.model, order))
                if order
                else self.by_date(request, rows)
            )
        order = [str(name) for name in rows.query.order_by]
        if self.mixes_currencies(request, order):
            del self.params[ORDER_VAR]
            return rows.order_by(*self.model_admin.get_ordering(request))
        if not self.has_index(request, order) and capped_count(rows) > MAX_ROWS:
            text = (
                f"Cannot sort more than {MAX_ROWS} rows by this. Choose a store or a filter first."
            )
            self.model_admin.message_user(request, text, messages.WARNING)
            del self.params[ORDER_VAR]
            return rows.order_by(*self.model_admin.get_ordering(request))
        return rows.order_by(*match_index_direction(self.model, order))

    def mixes_currencies(self, request: HttpRequest, order: list[str]) -> bool:
        """Return whether amounts of several currencies would be sorted together, and tell the person."""
        if order[0].removeprefix("-") not in self.model_admin.amounts:
            return False
        currencies = currencies_of(request)
        if len(currencies) > 1:
            text = f"Amounts are in {', '.join(currencies)}. Choose a store to sort by them."
            self.model_admin.message_user(request, text, messages.WARNING)
        return len(currencies) > 1

    def by_date(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Order rows that are filtered by date by that date, as an index does."""
        moment = self.date_hierarchy
        typed = self.model_admin.day_parameters
        if not any(name.startswith(f"{moment}__") or name in typed for name in self.params):
            return rows
        if not of_one_store(request):
            rows = rows.filter(ALL_STORES_INDEX_CONDITION)
        return rows.order_by(f"-{moment}", "-id")

    def has_index(self, request: HttpRequest, order: list[str]) -> bool:
        first, *others = (name.removeprefix("-") for name in order)
        is_indexed = first in self.model_admin.indexed_orderings(request)
        return is_indexed and others == ["id"] and of_one_store(request)


def of_one_store(request: HttpRequest) -> bool:
    ids = scope_of(request).ids
    return "store__id__exact" in request.GET or (ids is not None and len(ids) == 1)


def match_index_direction(model: type[Model], order: list[str]) -> list[Any]:
    """Return the ordering of the indexes: the last key in the direction of the first, NULL as the least."""
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
    """Mixed into the admin of a model with very many rows."""

    # parameters of a filter that narrows by the `date_hierarchy` column
    day_parameters: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()  # columns of money: sorted within one currency only

    def ordering_for_filters(self, request: HttpRequest) -> list[str]:
        """Return the ordering of the index that serves the filters of this request, or nothing."""
        return []

    def indexed_orderings(self, request: HttpRequest) -> set[str]:
        """Return the fields that have an index to sort the rows of one store by."""
        return set()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LargeTableChangeList
