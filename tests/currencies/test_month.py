"""The money of a shop in yen, and of one in dinars, from the order to the books, through every door."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from orders.models import CreditNote, Order, Payment
from tests.admin.conftest import owner, quick_passwords, sign_in
from tests.admin.pages import act, messages_of, send
from tests.currencies.conftest import Caller, caller_of

__all__ = ["owner", "quick_passwords", "sign_in"]

AMOUNT = re.compile(r'class="(?:num|balance|amount)[^"]*">\s*(?:[A-Z]{3} )?[−+]?(\d[\d,.]*)<')


@pytest.fixture(params=[("JP", "JPY", "1200", 0), ("KW", "KWD", "1.235", 3)], ids=["yen", "dinar"])
def shop(request: pytest.FixtureRequest, db: None) -> tuple[Caller, Decimal, int]:
    """Return a shop, the price of its only product, and the digits of its currency."""
    country, currency, price, digits = request.param
    return caller_of(country, currency), Decimal(price), digits


def text(amount: Decimal, digits: int) -> str:
    return f"{amount:,.{digits}f}"


def page(client: Client, name: str, key: Any, query: str = "") -> Any:
    return client.get(reverse(f"admin:{name}", args=[key]) + query)


def test_month_of_a_shop(owner: Client, shop: tuple[Caller, Decimal, int], tmp_path: Path) -> None:
    caller, price, digits = shop
    smallest = Decimal(1).scaleb(-digits)
    company = caller.company(email="buyer@example.com", payment_terms="net_30")
    shopper = caller.ok("GET", "{shop}/customers")["items"][0]
    customer = Customer.objects.get()
    caller.ok("PUT", f"/api/customers/{company['id']}", {"credit_limit": None})
    customer.as_queryset().update(is_account_enabled=True)

    # An order with parts of units, half of it paid, the payment bounced and made again.
    line = {"productId": "p", "productName": "味噌", "quantity": 1.5, "unitPrice": str(price)}
    body = {"customerId": shopper["id"], "items": [line, line], "onAccount": True}
    order = caller.ok("POST", "{shop}/orders", body)["item"]
    total = Decimal(order["total"])
    assert -total.as_tuple().exponent == digits
    path = f"{{shop}}/orders/{order['id']}"
    part = smallest * 500
    for _ in range(2):
        caller.ok("POST", f"{path}/payments", {"amount": str(part), "method": "cheque"})
        kept = Payment.objects.latest("id")
    row = Order.objects.get()
    first = Payment.objects.earliest("id")
    send(
        owner,
        page(owner, "orders_order_void", row.pk),
        payment=str(first.uid), cause="bounced", reason="no funds",
    )  # fmt: skip
    answer = caller.ok("GET", path)["item"]
    assert (answer["amountPaid"], answer["amountDue"]) == (str(part), str(total - part))
    assert Payment.objects.filter(kind="void", voids_uid=first.uid).exists()
    assert kept.uid != first.uid

    # A refund by the web shop, a credit note by the back office.
    back = smallest * 100
    caller.ok("POST", f"{path}/refund", {"amount": str(back)})
    credit = page(owner, "orders_order_credit", row.pk)
    send(owner, credit, reason="Stale", amount=text(smallest * 7, digits))
    assert list(CreditNote.objects.order_by("id").values_list("sequence", flat=True)) == [1, 2]
    row.refresh_from_db()
    owed = total - part - smallest * 7
    assert row.due_amount == owed
    note = page(owner, "orders_order_credit-note", row.pk, f"?number={CreditNote.objects.last()}")
    assert text(smallest * 7, digits) in note.content.decode()

    # The statement, as page and PDF, and the reports.
    statement = page(owner, "customers_customer_statement", customer.pk).content.decode()
    assert f"{customer.store.currency} {text(owed, digits)}" in statement
    assert_digits(statement, digits)
    pdf = page(owner, "customers_customer_statement-pdf", customer.pk)
    assert pdf.content.startswith(b"%PDF")
    for name in ("ageing", "documents", "ledger", "payments", "close", "orders", "credit-notes"):
        report = page(owner, "orders_report_page", name, f"?store={customer.store_id}")
        assert report.status_code == 200
        assert_digits(report.content.decode(), digits)
        file = page(owner, "orders_report_page", name, f"?store={customer.store_id}&file=csv")
        cells = b"".join(file.streaming_content).decode().replace("\r\n", ",").split(",")
        written = [cell for cell in cells if re.fullmatch(r"-?\d+\.\d+", cell)]
        assert {len(cell.partition(".")[2]) for cell in written} <= {digits}
    export = act(owner, "export_csv", customer)
    content = b"".join(export).decode() if export.streaming else export.content.decode()
    assert str(owed) in content

    # Opening balances of another book.
    file = tmp_path / "customers.csv"
    opening = smallest * 1234
    file.write_text(f"external_id,name,house account,opening balance\n77,Ken,yes,{opening}\n")
    call_command("import_customers", str(file), store=str(customer.store.uid))
    ken = Customer.objects.get(external_id="77")
    assert ken.account_balance == opening
    assert "Opening balance" in page(owner, "customers_customer_statement", ken.pk).content.decode()
    more = smallest * Decimal("3.4")  # imports round what other systems compute
    file.write_text(f"external_id,name,house account,opening balance\n78,Li,yes,{more}\n")
    call_command("import_customers", str(file), store=str(customer.store.uid))
    assert Customer.objects.get(external_id="78").account_balance == smallest * 3

    # Money, and the customer who owes it, stay in the currency.
    settle = page(owner, "customers_customer_settle", customer.pk)
    done = send(owner, settle, amount=text(owed, digits), notes="Transfer 1")
    zero = text(Decimal(0), digits)
    currency = customer.store.currency
    assert messages_of(done) == [f"The payment is recorded. The balance is now {currency} {zero}."]
    row.refresh_from_db()
    assert row.due_amount == 0
    call_command("verify_ledger")


def assert_digits(html: str, digits: int) -> None:
    """Check that each amount in a table has the digits of the currency."""
    amounts = [one for one in AMOUNT.findall(html) if "." in one or digits == 0]
    assert amounts
    assert {len(one.partition(".")[2]) for one in amounts} <= {digits}
