"""The pages of reports, and their files."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.admin.reports.pages import PAGES
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.paying import pay_order
from orders.services.writing_off import write_off
from stores.actors import SYSTEM
from stores.models import Store
from tests.factories import CustomerFactory, LineFields, OrderFactory, StoreFactory

# The others say what is owed still.
SUMS = {
    "payments": "250.00",
    "close": "250.00",
    "orders": "2,500.00",
    "turnover": "2,500.00",
    "credit-notes": "5.00",
    "write-offs": "5.00",
}
NAMES = [page.name for page in PAGES]
LIST = reverse("admin:orders_report_changelist")


@pytest.fixture
def store(store: Store) -> Store:
    """Return the store with an order on account, partly paid, and an unpaid one."""
    for name in ("=Ann+1", "Bo"):
        customer = CustomerFactory(store=store, name=name, is_account_enabled=True)
        order = OrderFactory(customer=customer, on_account=True, items=[LineFields(quantity=500)])
    pay_order(order.as_queryset(), SYSTEM, Decimal(250), "cash")
    credit_order(order.as_queryset(), SYSTEM, NewCreditNote(Decimal(5), reason="Stale"))
    write_off(customer.as_queryset(), SYSTEM, Decimal(5), "Insolvent")
    return store


def url(name: str) -> str:
    return reverse("admin:orders_report_page", args=[name])


@pytest.mark.parametrize("name", NAMES)
def test_page_has_rows_and_their_sums(owner: Client, store: Store, name: str) -> None:
    page = owner.get(url(name)).content.decode()
    assert "<tfoot>" in page
    assert url(name) in owner.get(LIST).content.decode()
    expected = SUMS.get(name, "2,240.00")
    assert expected in page.partition("<tfoot>")[2]


@pytest.mark.parametrize("name", NAMES)
def test_files_have_no_formula_and_the_sums(owner: Client, store: Store, name: str) -> None:
    lines = b"".join(owner.get(url(name), {"file": "csv"}).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(lines)))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]
    file = io.BytesIO(b"".join(owner.get(url(name), {"file": "xlsx"}).streaming_content))
    sheet = list(openpyxl.load_workbook(file).active.iter_rows())
    assert [cell.value for cell in sheet[0]] == rows[0]
    assert not [cell for row in sheet for cell in row if cell.data_type == "f"]
    assert rows[-1][0] == sheet[-1][0].value == "Total"
    numbers = [cell.value for cell in sheet[-1] if cell.data_type == "n" and cell.value is not None]
    assert numbers == [
        float(cell) for cell in rows[-1] if cell and cell != "Total" and cell != "AUD"
    ]


@pytest.mark.parametrize("name", ["ageing", "documents"])
def test_ageing_of_an_earlier_day(owner: Client, store: Store, name: str) -> None:
    today = timezone.localdate(timezone=store.tzinfo)
    page = owner.get(url(name), {"day": today - timedelta(days=1)}).content.decode()
    assert "2,250.00" not in page
    late = owner.get(url(name), {"day": today + timedelta(days=1)}).content.decode()
    assert "Enter today or an earlier day." in late
    assert "<tfoot>" not in late


@pytest.mark.parametrize(
    "query",
    [{"first": "2026-02-31"}, {"first": "x"}, {"first": "2026-05-02", "last": "2026-05-01"},
     {"first": "1900-01-01", "last": "2026-01-01"}, {"store": "²"}, {"store": "9" * 30}],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(owner: Client, store: Store, query: Any) -> None:
    page = owner.get(url("orders"), query)
    assert page.status_code == 200
    assert "errorlist" in page.content.decode()
    assert "<tfoot>" not in page.content.decode()


def test_people_see_the_reports_of_their_stores(sign_in: Any, store: Store) -> None:
    other = StoreFactory(name="Elsewhere")
    clerk = sign_in("Clerk", other)
    page = clerk.get(url("orders"), {"store": store.pk}).content.decode()
    assert "Select a valid choice" in page
    assert "2,500.00" not in page
    assert "2,500.00" not in clerk.get(url("orders")).content.decode()


def test_files_take_the_right_to_export(sign_in: Any, store: Store) -> None:
    viewer, manager = sign_in("Viewer", store), sign_in("Manager", store)
    assert "Download" not in viewer.get(url("orders")).content.decode()
    assert viewer.get(url("orders"), {"file": "csv"}).status_code == 403
    assert "Download" in manager.get(url("orders")).content.decode()
    assert manager.get(url("orders"), {"file": "csv"}).status_code == 200
    assert manager.get(url("orders"), {"file": "pdf"}).status_code == 404
    assert manager.get(reverse("admin:orders_report_page", args=["none"])).status_code == 404
    nobody = sign_in(None, store, name="nobody")
    nobody_user = type(store.staff.first()).objects.get(username="nobody")
    nobody_user.is_superuser = False
    nobody_user.save()
    assert nobody.get(LIST).status_code == 403
    assert nobody.get(url("orders")).status_code == 403
