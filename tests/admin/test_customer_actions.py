"""Actions on the list of customers, and exports."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from customers.services.customers import delete_customer
from customers.services.tags import create_tag
from stores.actors import SYSTEM
from stores.models import Event, Store
from tests.admin.conftest import SignIn
from tests.admin.pages import messages_of
from tests.factories import AddressFields, CustomerFactory

LIST = reverse("admin:customers_customer_changelist")
DELETED = reverse("admin:customers_deletedcustomer_changelist")


def act(client: Client, action: str, *chosen: Customer, path: str = LIST, **data: Any):
    pks = [customer.pk for customer in chosen]
    data |= {"action": action, "_selected_action": pks, "index": 0}
    return client.post(path, data, follow=True)


def test_tag_is_added_and_removed_with_counts(owner: Client, store) -> None:
    one, two = CustomerFactory(store=store, tags=["VIP"]), CustomerFactory(store=store)
    tag = one.tags.get()
    asked = act(owner, "add_tag", one, two)
    assert "2 customers" in asked.content.decode()
    page = act(owner, "add_tag", one, two, confirmed="yes", tag=tag.pk)
    assert messages_of(page) == ["1 customer tagged “VIP”. 1 had nothing to change."]
    assert list(two.tags.all()) == [tag]
    page = act(owner, "remove_tag", one, two, confirmed="yes", tag=tag.pk)
    assert messages_of(page) == ["2 customers untagged “VIP”."]
    assert Event.objects.filter(customer_uid=two.uid).latest("id").before == {"tags": ["VIP"]}


def test_tag_is_added_only_within_its_store(owner: Client, store, other_store) -> None:
    here, there = CustomerFactory(store=store), CustomerFactory(store=other_store)
    tag = create_tag(store, "VIP")
    page = act(owner, "add_tag", here, there, confirmed="yes", tag=tag.pk)
    assert messages_of(page) == ["1 customer tagged “VIP”. 1 had nothing to change."]
    assert not there.tags.exists()


def offered_tags(client: Client, page: HttpResponse) -> list[str]:
    """The tags that the page's field offers when nothing is typed."""
    (url,) = re.findall(r'data-ajax--url="([^"]+)"', page.content.decode())
    field = (
        "app_label=customers&model_name=customertag&field_name=tag"  # as Django's script adds it
    )
    results = client.get(f"{html.unescape(url)}&{field}").json()["results"]
    return [result["text"].partition(" · ")[0] for result in results]


def test_selection_offers_tags_of_its_stores_only(owner: Client, store, other_store) -> None:
    here, there = CustomerFactory(store=store), CustomerFactory(store=other_store)
    create_tag(store, "VIP")
    foreign = create_tag(other_store, "Wholesale")
    assert offered_tags(owner, act(owner, "add_tag", here)) == ["VIP"]
    assert offered_tags(owner, act(owner, "add_tag", here, there)) == ["VIP", "Wholesale"]
    page = act(owner, "add_tag", here, confirmed="yes", tag=foreign.pk)
    assert "Select a valid choice" in page.content.decode()


def test_customer_page_offers_tags_of_its_store_only(owner: Client, store, other_store) -> None:
    customer = CustomerFactory(store=store)
    create_tag(store, "VIP")
    create_tag(other_store, "Wholesale")
    page = owner.get(reverse("admin:customers_customer_change", args=[customer.pk]))
    assert offered_tags(owner, page) == ["VIP"]


def test_blacklisting_needs_a_reason(owner: Client, store) -> None:
    customer = CustomerFactory(store=store)
    assert (
        "This field is required"
        in act(owner, "blacklist", customer, confirmed="yes").content.decode()
    )
    page = act(owner, "blacklist", customer, confirmed="yes", reason="Never pays")
    assert messages_of(page) == ["1 customer blacklisted."]
    customer.refresh_from_db()
    assert (customer.is_blacklisted, customer.blacklist_reason) == (True, "Never pays")
    act(owner, "unblacklist", customer)
    customer.refresh_from_db()
    assert (customer.is_blacklisted, customer.blacklist_reason) == (False, "")


def test_customers_are_suspended_and_activated(owner: Client, store) -> None:
    customer = CustomerFactory(store=store)
    act(owner, "suspend", customer)
    assert not Customer.objects.get(pk=customer.pk).is_active
    page = act(owner, "activate", customer)
    assert messages_of(page) == ["1 customer activated."]


def test_action_changes_all_filtered_rows(owner: Client, store) -> None:
    for number in range(53):
        CustomerFactory(store=store, name=f"Baker {number}")
    other = CustomerFactory(store=store, name="Smith")
    page = act(
        owner, "suspend", Customer.objects.first(), path=f"{LIST}?q=baker", select_across="1"
    )
    assert messages_of(page) == ["53 customers suspended."]
    assert list(Customer.objects.filter(is_active=True)) == [other]


def test_refusals_are_counted_by_reason(owner: Client, store) -> None:
    taken = CustomerFactory(store=store, email="ann@example.com")
    delete_customer(taken.as_queryset(), SYSTEM)
    CustomerFactory(store=store, email="ann@example.com")
    free = CustomerFactory(store=store, name="Bo")
    delete_customer(free.as_queryset(), SYSTEM)
    page = act(owner, "restore", taken, free, path=DELETED)
    assert messages_of(page) == [
        "1 customer restored.",
        "1 not changed: Another customer of this store has this e-mail address.",
    ]
    assert list(owner.get(DELETED).context["cl"].result_list) == [taken]


# --- exports

EVIL = "=cmd|' /C calc'!A0"


def rows_of_csv(page: HttpResponse) -> list[dict[str, str]]:
    text = page.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_csv_export_escapes_formulas(owner: Client, store) -> None:
    customer = CustomerFactory(
        store=store,
        name=EVIL,
        phone="+61 2 9000 1234",
        notes="@SUM(A1)\nline two",
        tags=["VIP", "-1"],
        addresses=[AddressFields(line1="1 George Street")],
    )
    CustomerFactory(store=store, name="Not chosen")
    (row,) = rows_of_csv(act(owner, "export_csv", customer))
    assert row["name"] == f"'{EVIL}"
    assert row["phone"] == "'+61 2 9000 1234"
    assert row["notes"] == "'@SUM(A1)\nline two"
    assert row["uid"] == str(customer.uid)
    assert row["delivery_line1"] == "1 George Street"
    assert row["account_balance"] == "0.00"
    assert not any(re.match(r"\s*[=+\-@|%]", value) for value in row.values())


@pytest.mark.parametrize("name", ["\uff1d1+1", "\uff20SUM(A1)", "\ufeff=1+1", "\u200b=1+1"])
def test_csv_export_escapes_disguised_formulas(owner: Client, store, name: str) -> None:
    customer = CustomerFactory(store=store, company=name)
    (row,) = rows_of_csv(act(owner, "export_csv", customer))
    assert row["company"] == f"'{name}"


def test_export_holds_all_filtered_rows(owner: Client, store) -> None:
    for number in range(60):
        CustomerFactory(store=store, name=f"Baker {number}")
    CustomerFactory(store=store, name="Smith")
    chosen = Customer.objects.first()
    page = act(owner, "export_csv", chosen, path=f"{LIST}?q=baker&o=1", select_across="1")
    assert len(rows_of_csv(page)) == 60
    assert "attachment" in page["Content-Disposition"]


def test_workbook_keeps_text_and_number_types(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name=EVIL, credit_limit=Decimal("12.50"))
    page = act(owner, "export_xlsx", customer)
    with zipfile.ZipFile(io.BytesIO(page.getvalue())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>12.50</v>" in sheet
    assert 't="inlineStr"' in sheet
    assert "=cmd|" in sheet


def test_workbook_uses_the_stores_time_zone(sign_in: SignIn, store) -> None:
    Store.objects.filter(pk=store.pk).update(timezone="Australia/Sydney")
    customer = CustomerFactory(store=store)
    with time_machine.travel("2026-03-01T22:30Z", tick=False):
        manager = sign_in("Administrator", store)
        Customer.objects.update(created_at=timezone.now())
        page = act(manager, "export_xlsx", customer)
    assert "customers-2026-03-02.xlsx" in page["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(page.getvalue())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    at = (datetime(2026, 3, 2, 9, 30, tzinfo=UTC) - datetime(1899, 12, 30, tzinfo=UTC)) / timedelta(
        1
    )
    assert f"<v>{at:.16g}</v>" in sheet


def test_workbook_with_too_many_rows_is_refused(owner: Client, store, monkeypatch) -> None:
    for module in ("actions", "exports"):
        monkeypatch.setattr(f"customers.admin.{module}.MOST_ROWS", 1)
    one, other = CustomerFactory(store=store), CustomerFactory(store=store)
    assert messages_of(act(owner, "export_xlsx", one, other)) == [
        "A sheet holds at most 1 customers. Export them as CSV, or select fewer."
    ]
    assert act(owner, "export_xlsx", one)["Content-Type"].endswith("sheet")
