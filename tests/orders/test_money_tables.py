"""A change of any column of a table of money is refused by the database, or `verify_ledger` finds it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
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
    DailySales,
    Order,
    OrderLine,
    Payment,
)
from orders.models.order import Status
from orders.models.year_sequence import OrderSequence
from orders.services.accounts import post_entry
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM
from stores.models.base import new_uid
from tests.factories import OrderFactory

TABLES = (
    LedgerEntry, Charge, Credit, Allocation, Payment, CreditNote, CreditNoteLine, CreditNoteSequence,
    Order, OrderLine, OrderSequence, DailySales,
)  # fmt: skip
# Columns that are facts of their own: nothing else says what they should be, and no amount follows from them.
EXCEPTIONS = {
    (Order, "merchant_note"): "A free text, which staff may change at any time.",
    (Order, "shipping_address"): "Where it went. Erasing a customer empties it.",
    (Order, "updated_at"): "When the row last changed, for clients that ask for what is new.",
}
COLUMNS = [
    (model, field.column)
    for model in TABLES
    for field in model._meta.concrete_fields
    if not field.primary_key and (model, field.column) not in EXCEPTIONS
]


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


def test_paid_order_without_its_time_is_noticed(history, ada):
    assert is_noticed(ada.orders.earliest("pk"), paid_at=None)


@pytest.mark.parametrize("status", [Status.SHIPPED, Status.DELIVERED, Status.CANCELLED])
def test_status_without_its_time_is_noticed(history, ada, status):
    # The steps before have no time of their own, and no amount follows from them.
    assert is_noticed(ada.orders.earliest("pk"), status=status)


def test_times_of_an_order_in_a_wrong_sequence_are_noticed(ada):
    order = OrderFactory(customer=ada)
    for status in (Status.CONFIRMED, Status.PROCESSING, Status.SHIPPED, Status.DELIVERED):
        move_order(order.as_queryset(), SYSTEM, status)
    call_command("verify_ledger")
    order.refresh_from_db()
    before = order.placed_at - timedelta(days=1)
    for columns in ({"shipped_at": before}, {"delivered_at": order.placed_at}):
        with transaction.atomic():
            assert is_noticed(order, **columns)
            transaction.set_rollback(True)


def test_added_line_is_noticed(history, ada):
    line = ada.orders.earliest("pk").lines.earliest("pk")
    line.pk, line.uid, line.credited_quantity = None, new_uid(), 0
    line.save()
    with pytest.raises(CommandError, match="its lines come to"):
        call_command("verify_ledger")


def test_what_stays_may_be_written_again(history, ada):
    """A save of the whole row changes nothing that was posted."""
    order = ada.orders.earliest("pk")
    order.save()
    order.lines.earliest("pk").save()
    call_command("verify_ledger")


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
