"""A change of any column of a table of money is refused by the database, or `verify_ledger` finds it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, models, transaction

from customers.models import Charge, LedgerEntry
from customers.models.ledger import Account
from orders.models import (
    Allocation,
    Credit,
    CreditNote,
    CreditNoteLine,
    CreditNoteSequence,
    Payment,
)
from orders.services.accounts import post_entry
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM
from tests.factories import OrderFactory

TABLES = (
    LedgerEntry, Charge, Credit, Allocation, Payment, CreditNote, CreditNoteLine, CreditNoteSequence,
)  # fmt: skip
COLUMNS = [
    (model, field.column)
    for model in TABLES
    for field in model._meta.concrete_fields
    if not field.primary_key
]
ORDER_COLUMNS = (
    "paid_amount",
    "refunded_amount",
    "credited_amount",
    "charged_amount",
    "payment_status",
    "paid_at",
)


@pytest.fixture
def history(ada, ben, as_queryset, other_store):
    """Create at least one row of each table of money."""
    paid, cancelled = (OrderFactory(customer=ada, on_account=True) for _ in range(2))
    pay_order(paid.as_queryset(), SYSTEM, Decimal("25.00"), "card")
    refund_order(paid.as_queryset(), SYSTEM, Decimal("0.10"))
    line = paid.lines.first()
    credit_order(paid.as_queryset(), SYSTEM, NewCreditNote(quantities={line.uid: Decimal("0.1")}))
    move_order(cancelled.as_queryset(), SYSTEM, "cancelled")
    post_entry(as_queryset(ada), SYSTEM, Account.HOUSE, Decimal(20))
    post_entry(as_queryset(ada), SYSTEM, Account.HOUSE, Decimal(-15))
    call_command("verify_ledger")
    return {"store_id": other_store.pk, "customer_id": ben.pk}


def other_value(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.UUIDField):
        return UUID(int=1)
    if isinstance(field, models.DateTimeField):
        return datetime(2020, 1, 1, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return datetime(2020, 1, 1, tzinfo=UTC).date()
    if isinstance(field, models.CharField):
        return "other"
    return value + 1


def is_noticed(row: models.Model, **columns: Any) -> bool:
    """Return whether the change of a row is refused, or found by `verify_ledger`."""
    try:
        with transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(**columns)
    except Error:
        return True
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    try:
        call_command("verify_ledger")
    except CommandError:
        return True
    return False


@pytest.mark.parametrize(
    ("model", "column"), COLUMNS, ids=lambda part: getattr(part, "__name__", part)
)
def test_changed_column_is_noticed(history, model, column):
    row = model.objects.earliest("pk")
    field = next(field for field in model._meta.concrete_fields if field.column == column)
    value = history.get(column) or other_value(field, getattr(row, field.attname))
    assert is_noticed(row, **{field.attname: value})


@pytest.mark.parametrize("column", ORDER_COLUMNS)
def test_changed_amount_of_an_order_is_noticed(history, ada, column):
    row = ada.orders.earliest("pk")
    field = row._meta.get_field(column)
    value = None if column == "paid_at" else other_value(field, getattr(row, column))
    assert is_noticed(row, **{column: value})


def test_changed_quantity_of_a_credited_line_is_noticed(ada):
    order = OrderFactory(customer=ada)
    line = order.lines.first()
    credit_order(order.as_queryset(), SYSTEM, NewCreditNote(quantities={line.uid: Decimal(1)}))
    for quantity in (Decimal("0.5"), Decimal("1.5")):
        assert is_noticed(line, credited_quantity=quantity)
    line.credited_quantity = 1
    line.save(update_fields=["credited_quantity"])
    call_command("verify_ledger")


@pytest.mark.parametrize("model", TABLES, ids=lambda model: model.__name__)
def test_missing_row_is_noticed(history, model):
    row = model.objects.earliest("pk")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", [row.pk])
            connection.check_constraints()
    except Error:
        return
    with pytest.raises(CommandError):
        call_command("verify_ledger")
