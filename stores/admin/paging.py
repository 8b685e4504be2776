"""Pages of lists that may be long: nobody counts a whole table to show one page of it."""

from __future__ import annotations

from functools import cached_property

from django.core.paginator import Paginator

MOST = 2000


class MoreThan(int):
    """A number that stands for itself or anything above it, and says so."""

    def __str__(self) -> str:
        return f"more than {int(self)}"


class BoundedPaginator(Paginator):
    """Counts up to `MOST` rows and pages through those; whoever looks for others searches or filters."""

    @cached_property
    def count(self) -> int:
        found = self.object_list.order_by()[: MOST + 1].count()
        return MoreThan(MOST) if found > MOST else found
