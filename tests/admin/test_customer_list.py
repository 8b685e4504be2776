"""The list of customers: what is found, what filters leave, what actions do."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from customers.models import Address, Customer
from customers.models.ledger import Account
from customers.services.accounts import post_entry
from customers.services.customers import delete_customer, update_customer
from customers.services.tags import create_tag
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Event, Store
from tests.admin.conftest import SignIn
from tests.admin.pages import messages_of, save
from tests.factories import AddressFields, CustomerFactory, LineFields

LIST = reverse("admin:customers_customer_changelist")
DELETED = reverse("admin:customers_deletedcustomer_changelist")


def own(customer: Customer):
    return Customer.objects.filter(pk=customer.pk)


def found(client: Client, path: str = LIST, **query: Any) -> list[str]:
    return sorted(str(row) for row in client.get(path, query).context["cl"].result_list)


@pytest.mark.parametrize(
    "words",
    [
        "jon",
        "JÖNSSON",
        "nsson",
        "kafé ä",
        "anna@ex",
        "4210 12",
        "(02) 4210",
        "+61 2 4210",
        "EXT-77",
    ],
)
def test_a_customer_is_found_by_any_part_in_any_spelling(owner: Client, store, words: str) -> None:
    CustomerFactory(
        store=store,
        name="Anna Jönsson",
        company="Kafé Älg",
        email="anna@example.com",
        phone="(02) 4210 1234",
        external_id="EXT-77",
    )
    CustomerFactory(store=store, name="Bo Fox", email="bo@other.com")
    assert found(owner, q=words) == ["Anna Jönsson"]


def test_an_external_id_is_found_whole(owner: Client, store) -> None:
    CustomerFactory(store=store, name="Ann", external_id="X" * 300)
    CustomerFactory(store=store, name="Bo", external_id="X" * 200)
    assert found(owner, q="X" * 300) == ["Ann"]


def test_search_takes_anything(owner: Client, store) -> None:
    CustomerFactory(store=store, name="100% Bread_")
    assert found(owner, q="100% b") == ["100% Bread_"]
    for odd in ("\0", "%", "'; --", "\\", "д" * 500):
        assert owner.get(LIST, {"q": odd}).status_code == 200


@pytest.fixture
def crowd(store) -> dict[str, Customer]:
    """A customer for every filter."""
    names = ["plain", "tagged", "barred", "idle", "buyer", "ower", "gone", "lost"]
    people = {name: CustomerFactory(store=store, name=name) for name in names}
    update_customer(own(people["tagged"]), SYSTEM, {"tags": ["VIP"]})
    update_customer(own(people["barred"]), SYSTEM, {"is_blacklisted": True})
    update_customer(own(people["idle"]), SYSTEM, {"is_active": False})
    place_order(own(people["buyer"]), SYSTEM, [LineFields(quantity=100)])
    account = {"is_account_enabled": True, "credit_limit": Decimal(100)}
    update_customer(own(people["ower"]), SYSTEM, account)
    post_entry(own(people["ower"]), SYSTEM, Account.HOUSE, Decimal(95))
    delete_customer(own(people["gone"]), SYSTEM)
    update_customer(own(people["lost"]), SYSTEM, {"addresses": [AddressFields()]})
    Address.objects.filter(customer=people["lost"]).update(geocode_status="failed")
    return people


LIVE = ["barred", "buyer", "idle", "lost", "ower", "plain", "tagged"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, LIVE),
        ({"blacklisted": "yes"}, ["barred"]),
        ({"blacklisted": "no", "active": "yes", "orders": "yes"}, ["buyer"]),
        ({"active": "no"}, ["idle"]),
        ({"orders": "yes"}, ["buyer"]),
        ({"orders": "no"}, [name for name in LIVE if name != "buyer"]),
        ({"spent_from": "250"}, ["buyer"]),
        ({"spent_from": "250.01"}, []),
        ({"spent_from": "1", "spent_to": "300"}, ["buyer"]),
        ({"spent_from": "much"}, []),
        ({"owing": "yes"}, ["ower"]),
        ({"owing": "near"}, ["ower"]),
        ({"owing": "over"}, []),
        ({"overdue": "current"}, ["ower"]),
        ({"overdue": "1-30"}, []),
        ({"last_order": "30"}, ["buyer"]),
        ({"last_order": "silent90"}, []),
        ({"geocode": "failed"}, ["lost"]),
        ({"deleted": "yes"}, ["gone"]),
        ({"deleted": "all"}, sorted([*LIVE, "gone"])),
        ({"tag": "nonsense"}, []),
    ],
)
def test_a_filter_leaves_whom_it_says(owner: Client, crowd, query, names) -> None:
    assert found(owner, **query) == names


def test_only_a_narrowed_list_offers_to_show_all(owner: Client, crowd) -> None:
    assert "Show all" not in owner.get(LIST).content.decode()
    for query in ({"q": "a"}, {"owing": "yes"}, {"created_at__year": "2026"}):
        assert "Show all" in owner.get(LIST, query).content.decode()


def test_a_tag_filters_and_its_list_leads_there(owner: Client, crowd, store) -> None:
    tag = crowd["tagged"].tags.get()
    assert found(owner, tag=tag.pk) == ["tagged"]
    tags = owner.get(reverse("admin:customers_tag_changelist"))
    assert f'{LIST}?tag={tag.pk}">1</a>' in tags.content.decode()


def test_dates_lead_from_years_to_days(owner: Client, store) -> None:
    CustomerFactory(store=store, name="Ann")
    now = timezone.now()
    assert f"created_at__year={now.year}" in owner.get(LIST).content.decode()
    query = {"created_at__year": now.year, "created_at__month": now.month}
    page = owner.get(LIST, query).content.decode()
    assert f"created_at__day={now.day}&amp;" in page or f"created_at__day={now.day}" in page
    assert found(owner, **query, created_at__day=now.day) == ["Ann"]
    assert found(owner, created_at__year=now.year - 1) == []


def test_every_column_sorts(owner: Client, crowd) -> None:
    for column in range(1, 10):
        assert found(owner, o=f"-{column}") == LIVE


def act(client: Client, action: str, *chosen: Customer, path: str = LIST, **data: Any):
    pks = [customer.pk for customer in chosen]
    data |= {"action": action, "_selected_action": pks, "index": 0}
    return client.post(path, data, follow=True)


def test_a_tag_is_given_and_taken_with_counts(owner: Client, store) -> None:
    one, two = CustomerFactory(store=store, tags=["VIP"]), CustomerFactory(store=store)
    tag = one.tags.get()
    asked = act(owner, "give_tag", one, two)
    assert "2 customers" in asked.content.decode()
    page = act(owner, "give_tag", one, two, confirmed="yes", tag=tag.pk)
    assert messages_of(page) == ["1 customer tagged “VIP”. 1 had nothing to change."]
    assert list(two.tags.all()) == [tag]
    page = act(owner, "take_tag", one, two, confirmed="yes", tag=tag.pk)
    assert messages_of(page) == ["2 customers untagged “VIP”."]
    assert Event.objects.filter(customer_uid=two.uid).latest("id").before == {"tags": ["VIP"]}


def test_a_tag_goes_to_customers_of_its_own_store_only(owner: Client, store, other_store) -> None:
    here, there = CustomerFactory(store=store), CustomerFactory(store=other_store)
    tag = create_tag(store, "VIP")
    page = act(owner, "give_tag", here, there, confirmed="yes", tag=tag.pk)
    assert messages_of(page) == ["1 customer tagged “VIP”. 1 had nothing to change."]
    assert not there.tags.exists()


def test_the_blacklist_wants_a_reason(owner: Client, store) -> None:
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


def test_a_whole_filter_is_changed_not_only_what_is_on_the_page(owner: Client, store) -> None:
    for number in range(53):
        CustomerFactory(store=store, name=f"Baker {number}")
    other = CustomerFactory(store=store, name="Smith")
    page = act(
        owner, "suspend", Customer.objects.first(), path=f"{LIST}?q=baker", select_across="1"
    )
    assert messages_of(page) == ["53 customers suspended."]
    assert list(Customer.objects.filter(is_active=True)) == [other]


def test_refusals_of_some_are_counted_by_reason(owner: Client, store) -> None:
    taken = CustomerFactory(store=store, email="ann@example.com")
    delete_customer(own(taken), SYSTEM)
    CustomerFactory(store=store, email="ann@example.com")
    free = CustomerFactory(store=store, name="Bo")
    delete_customer(own(free), SYSTEM)
    page = act(owner, "restore", taken, free, path=DELETED)
    assert messages_of(page) == [
        "1 customer restored.",
        "1 refused: Another customer of this store has this e-mail address.",
    ]
    assert found(owner, DELETED) == [str(taken)]


# --- exports

EVIL = "=cmd|' /C calc'!A0"


def rows_of_csv(page: HttpResponse) -> list[dict[str, str]]:
    text = page.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_selection_is_exported_as_csv_that_runs_no_formula(owner: Client, store) -> None:
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
def test_a_formula_in_wide_letters_or_behind_unseen_ones_runs_neither(
    owner: Client, store, name: str
) -> None:
    customer = CustomerFactory(store=store, company=name)
    (row,) = rows_of_csv(act(owner, "export_csv", customer))
    assert row["company"] == f"'{name}"


def test_a_whole_filter_is_exported(owner: Client, store) -> None:
    for number in range(60):
        CustomerFactory(store=store, name=f"Baker {number}")
    CustomerFactory(store=store, name="Smith")
    chosen = Customer.objects.first()
    page = act(owner, "export_csv", chosen, path=f"{LIST}?q=baker&o=1", select_across="1")
    assert len(rows_of_csv(page)) == 60
    assert "attachment" in page["Content-Disposition"]


def test_a_workbook_holds_texts_as_texts_and_money_as_numbers(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name=EVIL, credit_limit=Decimal("12.50"))
    page = act(owner, "export_xlsx", customer)
    with zipfile.ZipFile(io.BytesIO(page.getvalue())) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>12.50</v>" in sheet
    assert 't="inlineStr"' in sheet
    assert "=cmd|" in sheet


def test_a_workbook_has_times_and_its_name_in_the_zone_of_the_store(sign_in: SignIn, store) -> None:
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


# --- how many queries


def queries_of(client: Client, path: str) -> list[str]:
    client.get(path)  # whatever is remembered from the first time on
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries]


def test_the_list_takes_fourteen_queries_however_many_rows(sign_in, store) -> None:
    client = sign_in("Manager", store)
    CustomerFactory(store=store, tags=["VIP"], addresses=[AddressFields()])
    assert len(queries_of(client, LIST)) == 14
    for number in range(50):
        CustomerFactory(store=store, tags=["VIP", f"Tag {number}"], addresses=[AddressFields()])
    queries = queries_of(client, LIST)
    assert len(queries) == 14
    assert all("LIMIT" in sql for sql in queries if "COUNT(*)" in sql)


def test_the_customer_page_takes_25_queries_however_much_there_is(sign_in, store) -> None:
    client = sign_in("Manager", store)
    few = CustomerFactory(store=store, tags=["VIP"], addresses=[AddressFields()])
    page = reverse("admin:customers_customer_change", args=[few.pk])
    assert len(queries_of(client, page)) == 25
    many = CustomerFactory(
        store=store,
        tags=[f"Tag {number}" for number in range(9)],
        addresses=[AddressFields() for _ in range(9)],
        contacts=[{"name": f"Person {number}"} for number in range(9)],
        is_account_enabled=True,
    )
    for _ in range(9):
        place_order(own(many), SYSTEM, [LineFields(), LineFields()], on_account=True)
    page = reverse("admin:customers_customer_change", args=[many.pk])
    assert len(queries_of(client, page)) == 25


def test_nobody_counts_past_what_can_be_paged_through(owner: Client, store, monkeypatch) -> None:
    monkeypatch.setattr("stores.admin.paging.MAX_ROWS", 60)
    for number in range(70):
        CustomerFactory(store=store, name=f"Customer {number}")
    page = owner.get(LIST)
    assert page.context["cl"].result_count == 60
    assert "more than 60" in page.content.decode()
    assert len(owner.get(LIST, {"p": 2}).context["cl"].result_list) == 10


def test_last_order_filters_by_how_long_ago_it_was(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name="Ann")
    long_ago = timezone.now() - timedelta(days=100)
    place_order(own(customer), SYSTEM, [LineFields()], placed_at=long_ago)
    assert found(owner, last_order="silent90") == ["Ann"]
    assert found(owner, last_order="silent365") == []
    assert found(owner, last_order="90") == []


# --- long lists


@pytest.fixture
def long_list(monkeypatch, store) -> None:
    monkeypatch.setattr("stores.admin.paging.MAX_ROWS", 2)
    for name, spent in (("Ann", 3), ("Bo", 1), ("Cy", 2)):
        own(CustomerFactory(store=store, name=name)).update(total_spent=spent)


def sorted_names(page: HttpResponse) -> list[str]:
    return [str(row) for row in page.context["cl"].result_list]


def column(page: HttpResponse, name: str) -> str:
    """What the address says to sort by the column of this name."""
    return str(page.context["cl"].list_display.index(name))


def test_many_rows_of_one_store_are_sorted_by_an_indexed_column(sign_in, store, long_list) -> None:
    client = sign_in("Clerk", store)
    spent = column(client.get(LIST), "spent")
    assert sorted_names(client.get(LIST, {"o": spent})) == ["Bo", "Cy"]
    assert sorted_names(client.get(LIST, {"o": f"-{spent}"})) == ["Ann", "Cy"]


def test_rows_of_a_range_stand_in_its_order(sign_in, store) -> None:
    client = sign_in("Clerk", store)
    for name, days, owed in (("Ann", 50, 95), ("Bo", 10, 99), ("Cy", 20, 90)):
        customer = CustomerFactory(
            store=store, name=name, is_account_enabled=True, credit_limit=Decimal(100)
        )
        placed = timezone.now() - timedelta(days=days)
        price = LineFields(quantity=1, unit_price=Decimal(owed))
        place_order(own(customer), SYSTEM, [price], placed_at=placed, on_account=True)
    assert sorted_names(client.get(LIST, {"last_order": "90"})) == ["Bo", "Cy", "Ann"]
    assert sorted_names(client.get(LIST, {"owing": "near"})) == ["Bo", "Ann", "Cy"]
    assert sorted_names(client.get(LIST, {"owing": "over"})) == []


def test_only_lists_of_all_stores_name_the_index_that_is_for_them(owner: Client, store) -> None:
    CustomerFactory(store=store)
    year = f"created_at__year={timezone.now().year}"
    for query, anywhere in ((year, True), (f"{year}&store__id__exact={store.pk}", False)):
        rows = [sql for sql in queries_of(owner, f"{LIST}?{query}") if "ORDER BY" in sql]
        assert any('."id" > 0' in sql for sql in rows) is anywhere
        assert len(owner.get(f"{LIST}?{query}").context["cl"].result_list) == 1


def test_whoever_comes_back_from_a_row_finds_the_list_as_it_was(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    page = owner.get(LIST, {"q": "ann", "o": "1"}).content.decode()
    [link] = re.findall(rf'href="([^"]*/{customer.pk}/change/[^"]*)"', page)
    saved = save(owner, owner.get(link), first_name="Anna")
    assert saved.redirect_chain[-1][0] == f"{LIST}?q=ann&o=1"


def test_what_a_filter_finds_is_looked_up_once(owner: Client, store) -> None:
    CustomerFactory(store=store, name="Ann Lee")
    by_keys = re.compile(r'"customers_customer"\."id" IN \(\d')
    for word, count in (("ann", 1), ("bob", 0)):
        assert found(owner, q=word) == ["Ann Lee"] * count
        queries = queries_of(owner, f"{LIST}?q={word}")
        assert ["external_id" in sql for sql in queries if word in sql] == [True, False]
        assert len([sql for sql in queries if by_keys.search(sql)]) == count


def test_an_external_id_is_looked_up_in_its_index(owner: Client, store) -> None:
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, *others: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, *others)

    with connection.execute_wrapper(note):
        owner.get(LIST, {"q": "EXT-77"})
    [(sql, params)] = [(sql, params) for sql, params in asked if "EXT-77" in (params or ())]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"{connection.ops.explain_query_prefix()} {sql}", params)
        assert "customer_external" in str(cursor.fetchall())


def test_few_rows_are_sorted_by_any_column(owner: Client, store, long_list) -> None:
    orders = column(owner.get(LIST), "ordered")
    page = owner.get(LIST, {"o": orders, "spent_from": "2"})
    assert sorted_names(page) == ["Ann", "Cy"]
    assert messages_of(page) == []


def test_many_rows_are_not_sorted_by_what_has_no_index(owner: Client, store, long_list) -> None:
    orders = column(owner.get(LIST), "ordered")
    page = owner.get(LIST, {"o": orders})
    assert sorted_names(page) == ["Cy", "Bo"]
    assert messages_of(page) == [
        "More than 2 are too many to sort so. Choose a store or a filter first."
    ]


def test_a_customer_stands_in_a_sorted_list_once_and_without_orders_last(
    owner: Client, store
) -> None:
    for name, count in (("None", 0), ("Two", 2), ("One", 1)):
        customer = CustomerFactory(store=store, name=name)
        for _ in range(count):
            place_order(own(customer), SYSTEM, [LineFields()])
    page = owner.get(LIST)
    ordered, last = column(page, "ordered"), column(page, "last_order")
    assert sorted_names(owner.get(LIST, {"o": f"-{ordered}"})) == ["Two", "One", "None"]
    assert sorted_names(owner.get(LIST, {"o": ordered})) == ["None", "One", "Two"]
    assert sorted_names(owner.get(LIST, {"o": f"-{last}"})) == ["One", "Two", "None"]
    assert sorted_names(owner.get(LIST, {"o": last})) == ["None", "Two", "One"]


def test_an_orders_day_is_that_of_the_store(sign_in, store) -> None:
    Store.objects.filter(pk=store.pk).update(timezone="Australia/Sydney")
    customer = CustomerFactory(store=store, name="Ann")
    evening = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)
    place_order(own(customer), SYSTEM, [LineFields()], placed_at=evening)
    client = sign_in("Viewer", store)
    assert "22 Nov 2026" in client.get(LIST).content.decode()
    page = client.get(reverse("admin:orders_order_changelist")).content.decode()
    assert "22 Nov 2026, 07:30" in page


def test_a_workbook_too_long_for_a_sheet_is_refused_before_it_is_begun(
    owner: Client, store, monkeypatch
) -> None:
    for module in ("actions", "exports"):
        monkeypatch.setattr(f"customers.admin.{module}.MOST_ROWS", 1)
    one, other = CustomerFactory(store=store), CustomerFactory(store=store)
    assert messages_of(act(owner, "export_xlsx", one, other)) == [
        "A sheet takes 1 customers: export them as CSV, or choose fewer."
    ]
    assert act(owner, "export_xlsx", one)["Content-Type"].endswith("sheet")
