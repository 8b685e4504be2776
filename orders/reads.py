"""The read model: orders as plain rows, each with its lines and payments, in one query.

A row is a dict of the order's columns under their own names, with

- `customer_uid`;
- `shipping_address`: None, or an address row like those of `customers.reads`, as it was when ordered;
- `lines`: `{id, uid, position, product_id, product_name, quantity, unit_price, total}`, in order;
- `payments`: `{id, uid, kind, amount, method, reason, actor_name, created_at}`, oldest first.

Money is Decimal with two places, times are aware, ids `uid` are UUIDs. The dialects and the events show
this one shape; none of them queries for itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import orjson
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from customers.errors import NotFound
from customers.models import Customer
from customers.reads import address_from_json
from orders.models import Order, OrderLine, Payment
from stores.database.compiled import CompiledRow, CompiledRows, JsonRows, Row
from stores.database.plans import BindParam, Plan

COLUMNS = (*(field.attname for field in Order._meta.concrete_fields), "customer_uid")
LINE_COLUMNS = ("id", "uid", "position", "product_id", "product_name", "quantity")
LINE_AMOUNTS = ("unit_price", "total")
PAYMENT_COLUMNS = ("id", "uid", "kind", "method", "reason", "actor_name", "created_at")
PAYMENT_AMOUNTS = ("amount",)
CENT = Decimal("0.01")


# the children of an order: their table, their columns, and those of them that are money
CHILDREN: dict[str, tuple[Any, tuple[str, ...], tuple[str, ...]]] = {
    "lines": (OrderLine, LINE_COLUMNS, LINE_AMOUNTS),
    "payments": (Payment, PAYMENT_COLUMNS, PAYMENT_AMOUNTS),
}
ALL_CHILDREN = tuple(CHILDREN)


def _child_rows(name: str) -> Subquery:
    model, columns, amounts = CHILDREN[name]
    own = model.objects.filter(order=OuterRef("pk"), store=OuterRef("store")).order_by()
    texts = [Cast(name, TextField()) for name in amounts]  # JSON has no decimals
    return Subquery(own.annotate(rows=JsonRows(*map(F, columns), *texts)).values("rows"))


def _annotations(columns: tuple[str, ...], children: tuple[str, ...]) -> dict[str, Subquery]:
    annotations = {f"{name}_json": _child_rows(name) for name in children}
    if "customer_uid" in columns:
        annotations["customer_uid"] = _customer_uid()
    return annotations


def _names(columns: tuple[str, ...], children: tuple[str, ...]) -> tuple[str, ...]:
    return (*columns, *(f"{name}_json" for name in children))


@cache
def _compiled(columns: tuple[str, ...], children: tuple[str, ...]) -> CompiledRows:
    annotations = _annotations(columns, children)
    return CompiledRows(lambda: Order.objects.annotate(**annotations), _names(columns, children))


@cache
def _whole() -> CompiledRow:
    params = {name: BindParam(name, BigIntegerField()) for name in ("store", "id")}
    annotations = _annotations(COLUMNS, ALL_CHILDREN)
    return CompiledRow(
        lambda: Order.objects.filter(**params).annotate(**annotations),
        _names(COLUMNS, ALL_CHILDREN),
    )


def _customer_uid() -> Subquery:
    own = Customer.objects.filter(pk=OuterRef("customer"), store=OuterRef("store"))
    return Subquery(own.values("uid"))


def order_rows(
    orders: QuerySet | Plan, *children: str, columns: tuple[str, ...] = COLUMNS
) -> list[Row]:
    """Rows of a queryset of orders, with these children (`lines`, `payments`); `columns` has the address."""
    return [_with_children(row, children) for row in _compiled(columns, children).rows(orders)]


def order_row(orders: QuerySet, *children: str) -> Row:
    """The one row of a queryset that names one order. Raises NotFound."""
    rows = order_rows(orders.order_by()[:1], *children)
    if not rows:
        raise NotFound
    return rows[0]


def any_order(store: int, pk: int) -> Row:
    """The order with this key and all that hangs on it, a withdrawn one too; it must be there."""
    row = _whole().find(Order.objects.db, store=store, id=pk)
    assert row is not None, "whoever asks has it under lock"  # noqa: S101
    return _with_children(row, ALL_CHILDREN)


def _with_children(row: Row, children: Iterable[str]) -> Row:
    row["shipping_address"] = _address(row)
    for name in children:
        text = row.pop(f"{name}_json")
        row[name] = READERS[name](_rows(name, text)) if text else []
    return row


def _rows(child: str, text: str) -> list[Row]:
    _, columns, amounts = CHILDREN[child]
    names = (*columns, *amounts)
    return [dict(zip(names, values, strict=True)) for values in orjson.loads(text)]


def _address(row: Row) -> Row | None:
    kept = row["shipping_address"]
    return None if kept is None else address_from_json(kept)


def _line(line: Row) -> Row:
    amounts = {name: _amount(line[name]) for name in LINE_AMOUNTS}
    return {**line, **amounts, "uid": uuid.UUID(line["uid"])}


def _payment(payment: Row) -> Row:
    told = {"uid": uuid.UUID(payment["uid"]), "created_at": _time(payment["created_at"])}
    return {**payment, **told, "amount": _amount(payment["amount"])}


def _time(text: str) -> datetime:
    """SQLite puts times into JSON naive, in UTC."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _amount(text: str) -> Decimal:
    return Decimal(text).quantize(CENT)


READERS: dict[str, Callable[[list[Row]], list[Row]]] = {
    "lines": lambda rows: sorted(map(_line, rows), key=lambda row: (row["position"], row["id"])),
    "payments": lambda rows: sorted(map(_payment, rows), key=lambda row: row["id"]),
}


# --- events keep rows as JSON; these bring them back

THAWS: dict[str, Callable[[str], Any]] = {
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "DecimalField": Decimal,
    "UUIDField": uuid.UUID,
}
KINDS = {field.attname: field.get_internal_type() for field in Order._meta.concrete_fields} | {
    "customer_uid": "UUIDField"
}


def row_from_snapshot(snapshot: Row) -> Row:
    """The row that an event's snapshot was made from."""
    row = {name: _thaw(name, value) for name, value in snapshot.items()}
    row["shipping_address"] = _address(snapshot)
    for name in ALL_CHILDREN:
        row[name] = READERS[name](snapshot[name])
    return row


def _thaw(name: str, value: Any) -> Any:
    thaw = THAWS.get(KINDS.get(name, ""))
    return thaw(value) if thaw and value is not None else value
