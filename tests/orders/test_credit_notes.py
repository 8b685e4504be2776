"""Credit notes have numbers without gaps, a page, a PDF, and stand in statements, reports and the timeline."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from orders.models import CreditNote, CreditNoteLine, CreditNoteSequence, Order
from orders.reports.credit_notes import credit_notes
from orders.reports.ledger import ledger
from orders.reports.payments import payments
from orders.reports.period import Period
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.statements import periods
from orders.statements.statement import statement_of
from stores.actors import SYSTEM
from stores.errors import Conflict
from stores.models import Store
from tests.admin.conftest import owner, quick_passwords, sign_in
from tests.factories import LineFields, OrderFactory
from tests.orders.accounts import order_of

__all__ = ["owner", "quick_passwords", "sign_in"]

pytestmark = pytest.mark.usefixtures("ledger_agrees")


def credit(order: Order, amount: str | None = None, **note: Any) -> None:
    given = None if amount is None else Decimal(amount)
    credit_order(order.as_queryset(), SYSTEM, NewCreditNote(given, reason="Stale", **note))


def numbers() -> list[str]:
    return list(CreditNote.objects.order_by("id").values_list("number", flat=True))


def page_of(client: Client, name: str, order: Order, number: str) -> Any:
    return client.get(reverse(f"admin:orders_order_{name}", args=[order.pk]), {"number": number})


def test_numbers_are_a_run_for_each_store_and_year(ada: Customer, ben: Customer) -> None:
    with time_machine.travel(datetime(2024, 12, 31, 12, tzinfo=UTC)):
        order, paid = order_of(ada, "40"), order_of(ben, "30", on_account=False)
        pay_order(paid.as_queryset(), SYSTEM, Decimal(30), "card")
        credit(order, "5")
        refund_order(paid.as_queryset(), SYSTEM, Decimal(2))
    with time_machine.travel(datetime(2024, 12, 31, 14, tzinfo=UTC)):  # the new year of Sydney
        credit(order, "5")
    assert numbers() == ["CN-2024-001", "CN-2024-002", "CN-2025-001"]


def test_a_refused_credit_note_leaves_no_gap(ada: Customer) -> None:
    order = order_of(ada, "40")
    credit(order, "10")
    with pytest.raises(Conflict, match="over_credited"):
        credit(order, "31")
    with transaction.atomic():
        credit(order, "1")
        transaction.set_rollback(True)
    credit(order, "10")
    assert [number[-3:] for number in numbers()] == ["001", "002"]


def test_one_note_takes_off_and_gives_back(ada: Customer) -> None:
    order = order_of(ada, "40")
    pay_order(order.as_queryset(), SYSTEM, Decimal(30), "card")
    credit(order, "25", keeps_credit=True)
    note = CreditNote.objects.get()
    assert None not in (
        note.credit_uid,
        note.credit_entry_uid,
        note.refund_uid,
        note.refund_entry_uid,
    )


def test_refund_of_a_cancelled_order_is_no_credit_note(ben: Customer) -> None:
    order = order_of(ben, "40", on_account=False)
    pay_order(order.as_queryset(), SYSTEM, Decimal(40), "card")
    move_order(order.as_queryset(), SYSTEM, "cancelled")
    refund_order(order.as_queryset(), SYSTEM)
    assert numbers() == []


@pytest.mark.parametrize("model", [CreditNote, CreditNoteLine])
@pytest.mark.parametrize("statement", ["UPDATE {} SET store_id = store_id", "DELETE FROM {}"])
def test_database_refuses_to_change_one(ben: Customer, model: Any, statement: str) -> None:
    order = order_of(ben, "40", on_account=False)
    credit(order, quantities={order.lines.get().uid: Decimal("0.5")})
    with pytest.raises(Error, match="never changed"), transaction.atomic():
        connection.cursor().execute(statement.format(model._meta.db_table))


# --- where they show


def test_page_says_lines_and_where_the_money_went(owner: Client, ben: Customer) -> None:
    lines = [LineFields(quantity=10, unit_price=Decimal("2.50"))]
    order = OrderFactory(customer=ben, items=lines, tax_amount=Decimal("2.50"))
    pay_order(order.as_queryset(), SYSTEM, Decimal(20), "card")
    credit(order, quantities={order.lines.get().uid: Decimal(10)})
    [number] = numbers()
    text = page_of(owner, "credit-note", order, number).content.decode()
    assert f"Credit note {number}" in text
    assert '<td class="num">10</td>' in text
    assert "Tax, 10%" in text
    for words, amount in (
        ("Credited", "27.50"),
        ("Taken off what was owed", "7.50"),
        ("Given back", "20.00"),
    ):
        assert f"AUD {amount}" in text.partition(words)[2][:120]
    link = f"{reverse('admin:orders_order_credit-note', args=[order.pk])}?number={number}"
    page = owner.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    assert page.count(link) == 2


def test_pdf_has_names_in_any_script(owner: Client, ben: Customer) -> None:
    lines = [LineFields(quantity=1, product_name="味噌ラーメン"), LineFields(product_name="خبز")]
    order = OrderFactory(customer=ben, items=lines)
    credit(order, quantities={line.uid: Decimal(1) for line in order.lines.all()})
    answer = page_of(owner, "credit-note-pdf", order, numbers()[0])
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_number_of_another_order_is_not_found(owner: Client, ben: Customer) -> None:
    order, other = (order_of(ben, "40", on_account=False) for _ in range(2))
    credit(order)
    for name in ("credit-note", "credit-note-pdf"):
        assert page_of(owner, name, other, numbers()[0]).status_code == 404


def test_statement_reports_and_timeline_say_the_number(owner: Client, ada: Customer) -> None:
    order = order_of(ada, "40")
    pay_order(order.as_queryset(), SYSTEM, Decimal(30), "card")
    credit(order, "25", keeps_credit=True)
    refund_order(order.as_queryset(), SYSTEM, Decimal(5))
    kept, paid_back = numbers()
    today = timezone.localdate(timezone=ada.store.tzinfo)
    lines = statement_of(ada, periods.Period(today, today)).lines
    titles = [line.title for line in lines if "Credit note" in line.title]
    assert titles == [f"Credit note {kept} for {order}"] * 2
    period = Period(ada.store, today, today)
    assert [row[4] for row in ledger(period).rows(None) if kept in row[4]] == [kept] * 2
    assert [row[7] for row in payments(period).rows(None)][-1] == paid_back
    register = [(row[0], *row[-3:]) for row in credit_notes(period).rows(None)]
    assert register == [(kept, 10, 15, 25), (paid_back, 0, 5, 5)]
    history = owner.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    timeline = history.partition('id="timeline"')[2]
    assert kept in timeline
    assert paid_back in timeline


# --- the book of a former release


@pytest.fixture
def unnumbered(ada: Customer, ben: Customer) -> list[CreditNote]:
    """Return credit notes of two years; the book has them without numbers."""
    with time_machine.travel(datetime(2024, 12, 31, 12, tzinfo=UTC)) as clock:
        paid, owed = order_of(ben, "40", on_account=False), order_of(ada, "60")
        pay_order(paid.as_queryset(), SYSTEM, Decimal(30), "card")
        credit(paid, "25", keeps_credit=True)
        clock.shift(timedelta(hours=1))
        credit(owed, quantities={owed.lines.get().uid: Decimal("0.5")})
        clock.shift(timedelta(hours=1))
        refund_order(paid.as_queryset(), SYSTEM, Decimal(1))
        cancelled = order_of(ben, "10", on_account=False)
        pay_order(cancelled.as_queryset(), SYSTEM, Decimal(10), "card")
        move_order(cancelled.as_queryset(), SYSTEM, "cancelled")
        refund_order(cancelled.as_queryset(), SYSTEM)
    notes = list(CreditNote.objects.order_by("id"))
    forget_credit_notes()
    return notes


def forget_credit_notes() -> None:
    tables = import_module("orders.migrations.0022_credit_note_numbers")
    with connection.cursor() as cursor:
        editor = SimpleNamespace(connection=connection, execute=cursor.execute)
        tables.backwards(apps, editor)
        for model in (CreditNoteLine, CreditNote, CreditNoteSequence):
            model.objects.all().delete()
        tables.forwards(apps, editor)


COLUMNS = (
    "order_id", "number", "credit_uid", "credit_entry_uid", "refund_uid", "refund_entry_uid",
)  # fmt: skip


def test_migration_numbers_what_stands_in_the_book(
    store: Store, unnumbered: list[CreditNote]
) -> None:
    migration = import_module("orders.migrations.0023_number_credit_notes")
    migration.forwards(apps, None)
    found = list(CreditNote.objects.order_by("id").values_list(*COLUMNS))
    assert found == [tuple(getattr(note, name) for name in COLUMNS) for note in unnumbered]
    assert [row[1] for row in found] == ["CN-2024-001", "CN-2025-001", "CN-2025-002"]
    assert CreditNoteLine.objects.get().quantity == Decimal("0.5")
    assert timezone.localdate(CreditNote.objects.earliest("id").created_at) == date(2024, 12, 31)
