"""A credit note says its goods, discount, shipping, tax and rounding, so that it can be posted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.credit_notes.document import Document, document_of
from orders.models import CreditNote, Order
from orders.reports.credit_notes import credit_notes
from orders.reports.period import Period
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.paying import pay_order, refund_order
from orders.tax_rates import tax_label
from stores.actors import SYSTEM
from tests.admin.conftest import owner, quick_passwords, sign_in
from tests.factories import CustomerFactory, LineFields, OrderFactory, StoreFactory

__all__ = ["owner", "quick_passwords", "sign_in"]

pytestmark = pytest.mark.usefixtures("ledger_agrees")

PARTS = ("goods", "discount", "shipping", "tax", "rounding")
COIN = {"AUD": Decimal("0.01"), "JPY": Decimal(1), "KWD": Decimal("0.001")}


def placed(currency: str = "AUD", **amounts: int) -> Order:
    """Place an order of three lines; amounts are in the smallest coin."""
    customer = CustomerFactory(store=StoreFactory(currency=currency))
    coin = COIN[currency]
    lines = [
        LineFields(quantity=Decimal(quantity), unit_price=price * coin)
        for quantity, price in (("3", 333), ("1.5", 1235), ("7", 101))
    ]
    return OrderFactory(
        customer=customer, items=lines, **{name: amount * coin for name, amount in amounts.items()}
    )


ODD = {"discount_amount": 100, "tax_amount": 347, "shipping_amount": 500}


def credit(order: Order, amount: Decimal | None = None, **quantities: str) -> None:
    """Credit an amount, or quantities of lines by their place, such as `line_0`."""
    lines = list(order.lines.order_by("position"))
    chosen = {lines[int(name[-1])].uid: Decimal(value) for name, value in quantities.items()}
    credit_order(order.as_queryset(), SYSTEM, NewCreditNote(amount, chosen, "Stale"))


def documents(order: Order) -> list[Document]:
    notes = CreditNote.objects.filter(order=order).order_by("id")
    return [document_of(note, order) for note in notes]


def together(order: Order) -> tuple[Decimal, ...]:
    """Return the parts of all credit notes, after checking that each adds up to its amount."""
    notes = documents(order)
    for note in notes:
        assert note.shares.amount == note.amount
        assert note.shares.goods + sum(amount for _, amount in note.parts()) == note.amount
        if note.lines:
            assert sum(line.amount for line in note.lines) == note.shares.goods
        for part in (*PARTS[:4], "amount"):
            value = getattr(note.shares, part)
            assert value >= 0
            assert value == value.quantize(COIN[order.currency])
        assert abs(note.shares.rounding) <= 3 * COIN[order.currency]
    return tuple(sum(getattr(note.shares, part) for note in notes) for part in PARTS)


def parts_of(order: Order) -> tuple[Decimal, ...]:
    amounts = (order.subtotal, order.discount_amount, order.shipping_amount, order.tax_amount)
    return (*amounts, Decimal(0))


@pytest.mark.parametrize("currency", COIN)
def test_a_note_by_line_has_its_part_of_discount_and_tax(currency: str) -> None:
    order = placed(currency, **ODD)
    coin = COIN[currency]
    # Goods 999 + 1853 (half a coin rounded up) + 707 = 3559. Two thirds of the first line are 666.
    assert order.subtotal == 3559 * coin
    credit(order, line_0="2")
    [note] = documents(order)
    # 666 × 100 / 3559 = 18.71; 666 × 347 / 3559 = 64.93; 666 × (3559 − 100 + 347) / 3559 = 712.22
    assert [getattr(note.shares, part) / coin for part in PARTS] == [666, 19, 0, 65, 0]
    assert note.amount == 712 * coin


@pytest.mark.parametrize("currency", COIN)
@pytest.mark.parametrize("steps", [("1", "1", "1"), ("0.333", "1.667", "1"), ("3",)])
def test_notes_of_a_whole_order_have_its_parts(currency: str, steps: tuple[str, ...]) -> None:
    order = placed(currency, **ODD)
    for quantity in steps:
        credit(order, line_0=quantity)
    credit(order, line_1="1.5", line_2="6.5")
    credit(order)  # the rest, with the shipping
    assert together(order) == parts_of(order)


@pytest.mark.parametrize("currency", COIN)
def test_amounts_and_refunds_have_their_part_of_each(currency: str) -> None:
    order, coin = placed(currency, **ODD), COIN[currency]
    pay_order(order.as_queryset(), SYSTEM, 2000 * coin, "card")
    refund_order(order.as_queryset(), SYSTEM, 430 * coin)
    # A tenth of 4306, nearly.
    [note] = documents(order)
    assert [getattr(note.shares, part) / coin for part in PARTS] == [355, 10, 50, 35, 0]
    credit(order, 77 * coin)
    credit(order, line_0="1")
    credit(order)
    assert together(order) == parts_of(order)


def test_more_tax_than_the_order_has_is_never_credited() -> None:
    order = placed(tax_amount=356, shipping_amount=5000)
    credit(order, Decimal("50.00"))
    credit(order, line_0="3", line_1="1.5", line_2="7")
    tax = [note.shares.tax for note in documents(order)]
    assert sum(tax) == order.tax_amount
    assert [note.shares.amount for note in documents(order)] == [50, Decimal("39.15")]


# --- where they show


def test_page_pdf_and_report_say_the_parts(owner: Client) -> None:
    order = placed(discount_amount=59, tax_amount=350, shipping_amount=0)
    credit(order, line_0="3")
    [note] = documents(order)
    assert list(note.parts()) == [
        ("Discount", Decimal("-0.17")),
        ("Tax, 10%", Decimal("0.98")),
        ("Rounding", Decimal("0.01")),
    ]
    url = reverse("admin:orders_order_credit-note", args=[order.pk])
    page = owner.get(url, {"number": note.note.number}).content.decode()
    for label, amount in (("Discount", "−0.17"), ("Tax, 10%", "0.98"), ("Rounding", "0.01")):
        assert amount in page.partition(f">{label}</th>")[2][:80].replace("-", "−")
    today = timezone.localdate(timezone=order.store.tzinfo)
    report = credit_notes(Period(order.store, today, today))
    [row] = report.rows(None)
    said = dict(zip((column.heading for column in report.columns), row, strict=True))
    parts = [said[heading] for heading in ("Goods", "Discount", "Shipping", "Tax", "Rounding")]
    assert parts == [Decimal(part) for part in ("9.99", "-0.17", "0", "0.98", "0.01")]
    assert sum(parts) == said["Amount"] == note.amount
    assert report.sums[0].values[7:12] == tuple(parts)
    pdf = owner.get(
        reverse("admin:orders_order_credit-note-pdf", args=[order.pk]), {"number": note.note.number}
    )
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("currency", "amounts", "label"),
    [
        ("AUD", {"tax_amount": 356}, "Tax, 10%"),
        ("AUD", {"tax_amount": 356, "shipping_amount": 500}, "Tax, 10%"),  # of the goods
        ("AUD", {"tax_amount": 406, "shipping_amount": 500}, "Tax, 10%"),  # of both
        ("JPY", {"tax_amount": 285}, "Tax, 8%"),
        ("AUD", {"tax_amount": 347}, "Tax"),
        ("AUD", {}, "Tax"),
    ],
)
def test_rate_is_said_when_it_is_certain(
    currency: str, amounts: dict[str, Any], label: str
) -> None:
    assert tax_label(placed(currency, **amounts)) == label


def test_small_amounts_do_not_tell_their_rate() -> None:
    """A tax of 1 on 12 may be 5 or 10 percent."""
    customer = CustomerFactory(store=StoreFactory(currency="JPY"))
    lines = [LineFields(quantity=1, unit_price=Decimal(12))]
    order = OrderFactory(customer=customer, items=lines, tax_amount=Decimal(1))
    assert tax_label(order) == "Tax"
