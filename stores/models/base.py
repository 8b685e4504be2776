"""The base of all rows that belong to a store."""

from __future__ import annotations

import unicodedata
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from uuid_utils.compat import uuid7

from stores.database.compiled import named_store
from stores.database.deletes import delete_with_store
from stores.database.inserts import insert
from stores.database.plans import plannable
from stores.names import is_visible


def new_uid() -> uuid.UUID:
    """Return a UUIDv7. It sorts by time of creation, so that inserts touch few index pages."""
    return uuid7()


def parse_uid(text: object, prefix: str = "") -> uuid.UUID | None:
    """Return the UUID of an id on a wire, or None when it is malformed: ids are opaque to clients.

    With a prefix (`cust_`) the rest must be 32 lower-case hex digits, without one the usual dashed form.
    """
    if not isinstance(text, str) or not text.startswith(prefix):
        return None
    body = text[len(prefix) :]
    try:
        uid = uuid.UUID(body)
    except ValueError:
        return None
    return uid if body == (uid.hex if prefix else str(uid)) else None


def validate_one_line(text: str) -> None:
    """Refuse line breaks, other control characters, lone surrogates, and a text that nobody can see."""
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in text):
        raise ValidationError("Write it in one line, without control characters.", code="one_line")
    if not is_visible(text):
        raise ValidationError("This field is required.", code="required")


# Time zones are less than a day away from UTC: what lies between these is a time in each of them.
FIRST_MOMENT = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
LAST_MOMENT = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


def validate_moment(moment: datetime) -> None:
    """Refuse the first and the last day of the calendar, which some time zones cannot show."""
    if not FIRST_MOMENT <= moment <= LAST_MOMENT:
        raise ValidationError("This is too far in the past or in the future.", code="moment")


# True of every row. An index with this condition is for lists of all stores, which name it; without it the
# planner would take such an index for a large store's lists, too, and read the other stores' rows in vain.
ALL_STORES_INDEX_CONDITION = Q(id__gt=0)


Row = TypeVar("Row", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[Row]):
    """Rows that belong to a store."""

    @plannable
    def for_store(self, store: Any) -> Self:
        """Return this store's rows. `None`, the scope of an administrator, means those of all stores."""
        return self if store is None else self.filter(store=store)

    @plannable
    def after_keys(self, *values: Any, order: tuple[str, ...]) -> Self:
        """Return the rows that follow these values in this order (`-` before a descending column).

        A row follows when it is later in the first column, or equal there and later in the next column.
        The last condition, on the first column alone, follows from that: it lets the database use the index.
        """
        condition, equal = Q(), Q()
        for column, value in zip(order, values, strict=True):
            name, later = column.removeprefix("-"), "lt" if column.startswith("-") else "gt"
            condition |= equal & Q(**{f"{name}__{later}": value})
            equal &= Q(**{name: value})
        first, last = order[0].removeprefix("-"), "lte" if order[0].startswith("-") else "gte"
        return self.filter(condition & Q(**{f"{first}__{last}": values[0]}))

    def lock_key_share(self) -> None:
        """Lock these rows until the commit against a new key or deletion. Transactions may share this lock.

        PostgreSQL takes it by itself when a row that refers to them is committed. Taking it now allows one
        order of locks everywhere, and so no deadlocks. SQLite needs none: it has one writer at a time.
        """
        connection = transaction.get_connection()
        if connection.vendor == "postgresql":
            sql, params = self.order_by("pk").values("pk").query.sql_with_params()
            with connection.cursor() as cursor:
                cursor.execute(f"{sql} FOR KEY SHARE", params)

    @plannable
    def order_without_index(self, *, order: tuple[str, ...]) -> Self:
        """Sort by these columns without walking an index of them, which is slow when few rows match."""
        first = order[0].removeprefix("-")
        sorting = Coalesce(first, first)
        by = sorting.desc() if order[0].startswith("-") else sorting.asc()
        return self.order_by(by, *order[1:])

    def of_one_store(self) -> Self:
        """Name the store of a queryset of one row. Query the store when it is not named yet.

        Call it before `select_for_update`: a distributed database locks rows on one machine only.
        """
        if named_store(self.query) is not None:
            return self
        store_id = self.order_by().values_list("store_id", flat=True).first()
        return self.none() if store_id is None else self.filter(store=store_id)

    def delete(self) -> tuple[int, dict[str, int]]:
        rows: Any = self.order_by().select_related(None)
        rows._for_write = True
        rows.query.select_for_update = False
        return delete_with_store(rows, rows.db)

    delete.alters_data = delete.queryset_only = True  # type: ignore[attr-defined] # no manager has it

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        return list(self.values_list(name, flat=True))


def reverse_ordering(*order: str) -> tuple[str, ...]:
    """Return the ordering with ascending and descending exchanged."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


class TenantModel(models.Model):
    """A row of one store: every query on it names the store, every unique key begins with it."""

    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="+")
    objects = TenantQuerySet.as_manager()

    class Meta:
        abstract = True

    def insert(self) -> None:
        """Write this new row, faster than `save`."""
        insert(self)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        deleted = delete_with_store(self, router.db_for_write(type(self), instance=self))
        self.pk = None
        return deleted

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *rest: Any) -> Any:
        """Update the row in `save`. The store is part of the condition, and is not written."""
        columns = [value for value in values if value[0].attname != "store_id"]
        rows = base_qs.filter(store=self.store_id)
        return super()._do_update(rows, using, pk_val, columns, *rest)

    def as_queryset(self) -> Any:
        """Return a queryset of this row alone, which services take as their `target`."""
        return type(self)._default_manager.filter(store=self.store_id, pk=self.pk)
