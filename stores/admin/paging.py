"""Pages of lists that may be long: nobody counts or sorts a whole table to show one page of it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Page, Paginator
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest

from stores.admin.tenancy import scope_of
from stores.models.base import ALL_STORES_INDEX_CONDITION

MOST = 2000


class MoreThan(int):
    """A number that stands for itself or anything above it, and says so."""

    def __str__(self) -> str:
        return f"more than {int(self)}"


def bounded_count(rows: QuerySet) -> int:
    """How many rows there are; `MOST + 1` stands for anything above `MOST`."""
    return rows.order_by()[: MOST + 1].count()


class BoundedPaginator(Paginator):
    """Pages through the first `MOST` rows; whoever looks for others searches or filters.

    What is there and how much of it is one question to the database: filters that find little are looked
    up once, not for the count and again for the page.
    """

    @cached_property
    def keys(self) -> list[Any]:
        """The rows' keys in their order, one more than are shown."""
        return list(self.object_list.values_list("pk", flat=True)[: MOST + 1])

    @cached_property
    def count(self) -> int:
        return MoreThan(MOST) if len(self.keys) > MOST else len(self.keys)

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        shown = self.keys[start : min(start + self.per_page, MOST)]
        rows = self.object_list.all()
        rows.query.clear_where()  # the keys have passed it; to search once more may take longer than before
        return self._get_page(rows.filter(pk__in=shown), number, self)


class LongChangeList(ChangeList):
    """Sorts few rows by any column, and many of one store by the columns that have an index."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_filters, self.preserved_filters = self.preserved_filters, ""

    def url_for_result(self, result: Model) -> str:
        """With the list's filters, to come back to; Django resolves each row's address to add them."""
        url = super().url_for_result(result)
        return f"{url}?{self.kept_filters}" if self.kept_filters else url

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

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet:
        found: QuerySet = super().get_queryset(request, exclude_parameters)
        if not self.params.get(ORDER_VAR):
            order = self.model_admin.range_order(request)
            return (
                found.order_by(*one_way(self.model, order))
                if order
                else self.by_date(request, found)
            )
        order = [str(name) for name in found.query.order_by]
        if not self.is_quick(request, order) and bounded_count(found) > MOST:
            text = f"More than {MOST} are too many to sort so. Choose a store or a filter first."
            self.model_admin.message_user(request, text, messages.WARNING)
            del self.params[ORDER_VAR]
            return found.order_by(*self.model_admin.get_ordering(request))
        return found.order_by(*one_way(self.model, order))

    def by_date(self, request: HttpRequest, found: QuerySet) -> QuerySet:
        """Rows of some days stand by their day, as an index has them."""
        moment = self.date_hierarchy
        if not any(name.startswith(f"{moment}__") for name in self.params):
            return found
        rows = found if of_one_store(request) else found.filter(ALL_STORES_INDEX_CONDITION)
        return rows.order_by(f"-{moment}", "-id")

    def is_quick(self, request: HttpRequest, order: list[str]) -> bool:
        first, *others = (name.removeprefix("-") for name in order)
        quick = first in self.model_admin.quick_orders(request)
        return quick and others == ["id"] and of_one_store(request)


def of_one_store(request: HttpRequest) -> bool:
    ids = scope_of(request).ids
    return "store__id__exact" in request.GET or (ids is not None and len(ids) == 1)


def one_way(model: type[Model], order: list[str]) -> list[Any]:
    """The last key runs the way of the first, and nothing counts as least, as in the indexes."""
    if len(order) == 1:
        return order
    first, *between, last = order
    name, falls = first.removeprefix("-"), first.startswith("-")
    last = f"{'-' if falls else ''}{last.removeprefix('-')}"
    if "__" in name or not model._meta.get_field(name).null:
        return [first, *between, last]
    null_last = F(name).desc(nulls_last=True)
    return [null_last if falls else F(name).asc(nulls_first=True), *between, last]


class LongList:
    """Mixed into the admin of rows that may be many."""

    def range_order(self, request: HttpRequest) -> list[str]:
        """The order of the index that a filter cuts a range out of, for its rows to stand in."""
        return []

    def quick_orders(self, request: HttpRequest) -> set[str]:
        """The fields that the rows of one store are sorted by quickly, however many."""
        return set()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LongChangeList
