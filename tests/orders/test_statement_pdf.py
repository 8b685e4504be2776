"""A statement as a PDF: each script has its font and its letters."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from customers.models.ledger import Account
from orders.models import LetterSettings
from orders.paper.fonts import OTHER_SCRIPTS, path_of
from orders.services.accounts import post_entry
from orders.statements.pdf import Letter, pdf_of
from orders.statements.periods import Period
from orders.statements.statement import statement_of
from stores.actors import SYSTEM
from tests.factories import CustomerFactory, StoreFactory
from tests.orders.accounts import order_of

pytestmark = pytest.mark.django_db

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
TO_UNICODE = re.compile(rb"<[0-9A-F]{4}> <([0-9A-F]+)>\n")
FONT = re.compile(rb"/BaseFont /\w+\+(\w+)")


def make(customer, recipient: list[str]) -> bytes:
    return pdf_of(
        statement_of(customer, JUNE),
        recipient,
        LetterSettings(how_to_pay="Ķonts 1"),
        date(2026, 6, 30),
    )


def letters(pdf: bytes) -> set[str]:
    """Return the characters that a reader can select in a PDF."""
    codes = (bytes.fromhex(code.decode()) for code in TO_UNICODE.findall(pdf))
    return {char for code in codes for char in code.decode("utf-16-be")}


@pytest.mark.parametrize(
    ("name", "font"),
    [
        ("Zażółć Ñandú Ğ", None),
        ("Иван Ελένη", None),
        ("محمد عبد الرحمن", None),
        ("יוסי כהן", None),
        ("株式会社山田ヤマダ", "DroidSansFallback"),
        ("김철수", "ClienteleHangul"),
        ("राजेश कुमार", "NotoSansDevanagari"),
        ("ศรีสุข", "NotoSansThai"),
    ],
)
def test_name_in_its_script(ada, name, font):
    pdf = make(ada, [name])
    assert pdf.startswith(b"%PDF-")
    assert set(name) - {" "} <= letters(pdf)
    others = {found.decode() for found in FONT.findall(pdf)} & OTHER_SCRIPTS.keys()
    assert others == ({font} if font else set())


def test_every_font_is_there():
    assert all(path_of(name).is_file() for name in OTHER_SCRIPTS)


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "1200"), ("KWD", "12.345")])
def test_references_and_amounts_of_other_currencies(currency, amount):
    store = StoreFactory(currency=currency)
    customer = CustomerFactory(store=store, is_account_enabled=True)
    with time_machine.travel(datetime(2026, 6, 2, 2, tzinfo=UTC), tick=False):
        post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(amount), notes="請求書")
    assert set("請求書") <= letters(make(customer, [customer.name]))


def test_many_lines_go_over_pages(ada):
    with time_machine.travel(datetime(2026, 6, 2, 2, tzinfo=UTC), tick=False):
        for _ in range(60):
            post_entry(ada.as_queryset(), SYSTEM, Account.HOUSE, Decimal(1))
    assert make(ada, [ada.name]).count(b"/Type /Page\n") >= 2


def test_payment_says_which_orders_it_paid(ada):
    with time_machine.travel(datetime(2026, 6, 2, 2, tzinfo=UTC), tick=False):
        first, second = order_of(ada, "10"), order_of(ada, "20")
        post_entry(ada.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-15), notes="Bank")
    statement = statement_of(ada, JUNE)
    letter = Letter(statement, [ada.name], LetterSettings())
    written = letter.described(statement.lines[-1])
    assert written == f"Payment: Bank\nfor {first.number} 10.00, {second.number} 5.00"
