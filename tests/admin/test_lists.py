"""Lists: their columns, filters and saved views."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from orders.services.paying import pay_order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import SavedView, Store
from tests.admin.conftest import SignIn
from tests.admin.pages import messages_of
from tests.factories import AddressFields, CustomerFactory, LineFields, OrderFactory

LIST = reverse("admin:customers_customer_changelist")
ORDERS = reverse("admin:orders_order_changelist")
COLUMNS = reverse("admin:customers_customer_columns")
SAVE = reverse("admin:customers_customer_saveview")


def names(page: HttpResponse) -> list[str]:
    return sorted(str(row) for row in page.context["cl"].result_list)


def heads(page: HttpResponse) -> list[str]:
    """Return the heads of the table."""
    table = page.content.decode().split('<table id="result_list"')[1]
    found = re.findall(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]*)', table)
    return [head.strip() for head in found if head.strip()]


# --- columns


def test_usual_columns_are_shown_until_others_are_chosen(sign_in: SignIn, store: Store) -> None:
    CustomerFactory(store=store, name="Ann", birth_date=date(1980, 11, 5))
    client = sign_in("Clerk", store)
    usual = ["Customer", "Contact", "Tags", "Spent", "Owes", "Last order"]
    assert heads(client.get(LIST)) == usual
    page = client.post(COLUMNS, {"column": ["birthday", "no_column"], "back": "q=ann"}, follow=True)
    assert page.redirect_chain == [("../?q=ann", 302)]
    assert heads(page) == ["Customer", "Birthday"]
    assert "5 Nov 1980" in page.content.decode()
    assert heads(sign_in("Viewer", store).get(LIST)) == usual
    assert "total_amount" in client.get(ORDERS).context["cl"].columns
    client.post(COLUMNS, {"usual": "yes"})
    assert heads(client.get(LIST)) == usual


def test_town_and_tags_are_read_only_when_shown(sign_in: SignIn, store: Store) -> None:
    CustomerFactory(store=store, tags=["VIP"], addresses=[AddressFields(city="Newtown")])
    client = sign_in("Clerk", store)
    assert "Newtown" not in client.get(LIST).content.decode()
    page = client.post(COLUMNS, {"column": ["town"]}, follow=True).content.decode()
    assert "Newtown" in page
    assert 'class="chip' not in page


def test_cells_name_their_column_for_the_cards_of_a_phone(sign_in: SignIn, store: Store) -> None:
    CustomerFactory(store=store, name="Ann & <b>Bo</b>")
    page = sign_in("Clerk", store).get(LIST).content.decode()
    assert 'data-label="Owes"' in page
    assert "Ann &amp; &lt;b&gt;Bo&lt;/b&gt;" in page


# --- filters


@pytest.fixture
def people(store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(country="AU", timezone="Australia/Sydney")
    ann = CustomerFactory(
        store=store,
        name="Ann",
        birth_date=date(1980, 12, 30),
        addresses=[AddressFields(city="Newtown", state="NSW", postcode="2042", country="AU")],
    )
    bo = CustomerFactory(store=store, name="Bo", birth_date=date(1991, 1, 2))
    CustomerFactory(store=store, name="Cy", birth_date=date(1992, 2, 29))
    evening = datetime(2026, 3, 31, 20, tzinfo=UTC)  # 1 April in Sydney
    price = LineFields(quantity=1, unit_price=Decimal(90))
    place_order(ann.as_queryset(), SYSTEM, [price], placed_at=evening)
    order = OrderFactory(customer=bo, placed_at=datetime(2026, 3, 1, tzinfo=UTC))
    pay_order(order.as_queryset(), SYSTEM, order.total, "card")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"birthday_from": "20 Dec", "birthday_to": "5 January"}, ["Ann", "Bo"]),
        ({"birthday_from": "29/2", "birthday_to": "29/2"}, ["Cy"]),
        ({"birthday_from": "Jan 3"}, ["Ann", "Cy"]),
        ({"ordered_from": "1/4/2026"}, ["Ann"]),
        ({"ordered_from": "2026-03-01", "ordered_to": "31/03/2026"}, ["Bo"]),
        ({"ordered_from": "1/1/2026", "ordered_least": "90"}, ["Ann"]),
        ({"ordered_from": "1/1/2026", "ordered_least": "90.01"}, []),
        ({"town": "newt", "postcode": "20"}, ["Ann"]),
        ({"state": "nsw", "country": "au"}, ["Ann"]),
        ({"town": "Newtown", "state": "VIC"}, []),
        ({"owing": "any"}, ["Ann"]),
        ({"owing": "yes"}, []),
    ],
)
def test_customers_are_filtered(
    sign_in: SignIn, store: Store, people: None, query: dict[str, str], found: list[str]
) -> None:
    page = sign_in("Clerk", store).get(LIST, query)
    assert names(page) == found
    assert messages_of(page) == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"birthday_from": "5/13"}, "Write birthdays like 5 Nov, not “5/13”."),
        ({"birthday_from": "soon"}, "Write birthdays like 5 Nov, not “soon”."),
        ({"birthday_to": "31 Feb"}, "Write birthdays like 5 Nov, not “31 Feb”."),
        ({"birthday_to": "5 decor"}, "Write birthdays like 5 Nov, not “5 decor”."),
        ({"ordered_from": "31.31.2026"}, "Write days like 17/09/2026 or 2026-09-17"),
        ({"created_to": "9999-12-31", "created_from": "x"}, "Write days like"),
        ({"spent_from": "much"}, "Write amounts like 1,234.50, not “much”."),
        ({"ordered_least": "1.234,50"}, "Write amounts like 1,234.50, not “1.234,50”."),
        ({"blacklisted": "maybe"}, "Nothing is shown: the filter “Barred” does not offer this"),
        ({"tag": "77"}, "Nothing is shown: the filter “Tag” does not offer this"),
        ({"last_order": "12"}, "Nothing is shown: the filter “Last order” does not offer this"),
    ],
)
def test_what_a_filter_cannot_read_is_refused(
    sign_in: SignIn, store: Store, people: None, query: dict[str, str], message: str
) -> None:
    page = sign_in("Clerk", store).get(LIST, query)
    assert names(page) == []
    assert [text for text in messages_of(page) if text.startswith(message)]


def test_a_birthday_in_numbers_needs_a_country(owner: Client, store, other_store) -> None:
    page = owner.get(LIST, {"birthday_from": "5/11"})
    assert messages_of(page) == ["Write birthdays like 5 Nov, not “5/11”."]


def test_an_unknown_parameter_is_told(owner: Client, store: Store) -> None:
    CustomerFactory(store=store)
    page = owner.get(LIST, {"nonsense": "1"}, follow=True)
    assert messages_of(page) == ["All rows are shown: a filter in the address could not be read."]


def test_empty_filters_of_the_form_leave_the_address(owner: Client, store: Store) -> None:
    page = owner.get(f"{LIST}?tag=&owing=yes&spent_from=&q=", follow=True)
    assert page.redirect_chain == [(f"{LIST}?owing=yes", 302)]
    [chip] = page.context["cl"].filters_in_use
    assert (chip["title"], chip["text"], chip["url"]) == ("Owes", "On account", "?")


def test_orders_are_filtered_by_day(sign_in: SignIn, store: Store, people: None) -> None:
    page = sign_in("Clerk", store).get(ORDERS, {"placed_from": "2026-04-01"})
    assert [row.customer.name for row in page.context["cl"].result_list] == ["Ann"]


# --- saved views


def save(client: Client, back: str, **data: Any) -> HttpResponse:
    return client.post(SAVE, {"back": back, **data}, follow=True)


def test_view_keeps_filters_columns_and_order(sign_in: SignIn, store: Store) -> None:
    for name, barred in (("Ann", True), ("Bo", True), ("Cy", False)):
        CustomerFactory(store=store, name=name, is_blacklisted=barred)
    client = sign_in("Clerk", store)
    client.post(COLUMNS, {"column": ["spent"]})
    page = save(client, "blacklisted=yes&o=-1&q=ann", name="Barred")
    assert messages_of(page) == ["Saved the view “Barred”."]
    client.post(COLUMNS, {"usual": "yes"})
    view = SavedView.objects.get(name="Barred")
    [url] = re.findall(r'<a href="([^"]*)">Barred</a>', client.get(LIST).content.decode())
    page = client.get(LIST + unescape(url))
    assert [str(row) for row in page.context["cl"].result_list] == ["Bo", "Ann"]
    assert heads(page) == ["Customer", "Spent"]
    assert "q" not in view.filters  # a search may be somebody's name
    assert not page.context["cl"].is_view_changed


def test_view_is_the_persons_own_or_shared_with_a_store(
    sign_in: SignIn, store: Store, other_store: Store
) -> None:
    clerk = sign_in("Clerk", store)
    save(clerk, "owing=yes", name="Mine")
    save(clerk, "owing=near", name="Ours", store=store.pk)
    save(clerk, "owing=over", name="Theirs", store=other_store.pk)
    assert sorted(view.name for view in SavedView.objects.all()) == ["Mine", "Ours"]
    for client, visible in (
        (clerk, ["Mine", "Ours"]),
        (sign_in("Manager", store), ["Ours"]),
        (sign_in("Manager", other_store, name="elsewhere"), []),
    ):
        links = client.get(LIST).context["cl"].view_links()
        assert [str(link["view"]) for link in links] == visible


def test_only_its_owner_changes_a_view(sign_in: SignIn, store: Store) -> None:
    clerk, manager = sign_in("Clerk", store), sign_in("Manager", store)
    save(clerk, "owing=yes", name="Ours", store=store.pk)
    view = SavedView.objects.get()
    path = reverse("admin:customers_customer_changeview", args=[view.pk])
    assert manager.post(path, {"delete": "yes"}).status_code == 403
    assert sign_in("Viewer", store, name="x").get(path).status_code == 405
    clerk.post(path, {"save": "yes", "back": f"owing=near&view={view.pk}"})
    view.refresh_from_db()
    assert view.filters == {"owing": "near"}
    clerk.post(path, {"delete": "yes"})
    assert not SavedView.objects.exists()
    assert clerk.post(path, {"delete": "yes"}).status_code == 404


def test_shared_view_of_a_removed_person_stays(sign_in: SignIn, store: Store) -> None:
    clerk = sign_in("Clerk", store)
    save(clerk, "owing=yes", name="Mine")
    save(clerk, "owing=yes", name="Ours", store=store.pk)
    User.objects.filter(username="clerk").delete()
    administrator = sign_in("Administrator", store)
    links = administrator.get(LIST).context["cl"].view_links()
    assert [str(link["view"]) for link in links] == ["Ours"]
    view = links[0]["view"]
    path = reverse("admin:customers_customer_changeview", args=[view.pk])
    assert sign_in("Viewer", store).post(path, {"delete": "yes"}).status_code == 403
    administrator.post(path, {"delete": "yes"})
    assert not SavedView.objects.filter(name="Ours").exists()


def test_a_view_that_is_gone_is_told(sign_in: SignIn, store: Store) -> None:
    CustomerFactory(store=store)
    page = sign_in("Clerk", store).get(LIST, {"view": "99"})
    assert messages_of(page) == ["This view does not exist any more."]


def test_views_need_the_right_to_see_the_list(sign_in: SignIn, store: Store) -> None:
    client = sign_in("Viewer", store)
    User.objects.get(username="viewer").groups.clear()
    for path in (SAVE, COLUMNS):
        assert client.post(path, {"name": "x", "column": "spent"}).status_code == 403
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name(sign_in: SignIn, store: Store) -> None:
    client = sign_in("Clerk", store)
    for name in ("", " ", "n" * 61):
        page = save(client, "owing=yes", name=name)
        assert messages_of(page)[0].startswith("The view was not saved. Name:")
    assert not SavedView.objects.exists()
