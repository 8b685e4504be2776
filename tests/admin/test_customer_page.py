"""The customer page: what is changed there goes through the services, as one new version."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from customers.models import Customer, Tag
from customers.models.ledger import Account
from customers.services.accounts import post_entry
from customers.services.customers import delete_customer, update_customer
from customers.services.tags import create_tag
from orders.models import CreditCheck, Order
from orders.models.order import Status
from orders.services.moving import move_order
from orders.services.placing import place_order
from stores.actors import SYSTEM, Actor
from stores.models import DeliveryZone, Depot, Event
from tests.admin.conftest import SignIn
from tests.admin.pages import errors_of, messages_of, open_page, save, send
from tests.factories import AddressFields, CustomerFactory, LineFields, StoreFactory

PAGE = "customers_customer"


def last_event(customer: Customer) -> Event:
    return Event.objects.filter(customer_uid=customer.uid).latest("id")


def address(index: int, **fields: str) -> dict[str, str]:
    return {f"addresses-{index}-{name}": value for name, value in fields.items()}


@pytest.fixture
def customer(store) -> Customer:
    return CustomerFactory(store=store, name="Ann Lee", addresses=[AddressFields(label="Shop")])


def test_a_new_customer_gets_everything_on_the_page(owner: Client, store) -> None:
    tag = create_tag(store, "VIP")
    page = save(
        owner,
        open_page(owner, PAGE),
        store=store.pk,
        first_name="Ann",
        last_name="Lee",
        email="ann@example.com",
        phone="02 9000 1234",
        tag_list=[tag.pk],
        **{"addresses-TOTAL_FORMS": "1"},
        **address(0, line1="1 George Street", city="Sydney", state="NSW", postcode="2000"),
        **{"contacts-TOTAL_FORMS": "1", "contacts-0-name": "Bo", "contacts-0-is_primary": "on"},
    )
    assert page.status_code == 200
    assert "Ann Lee</a>” was added successfully" in messages_of(page)[0]
    customer = Customer.objects.get(email="ann@example.com")
    assert (customer.name, customer.source, customer.version) == ("Ann Lee", "admin", 1)
    assert customer.addresses.get().is_default
    assert customer.contacts.get().is_primary
    assert list(customer.tags.all()) == [tag]
    event = last_event(customer)
    assert (event.type, event.actor_kind, event.actor_name) == (
        "customer.created",
        "staff",
        "owner",
    )


def test_a_new_customer_has_the_currency_of_the_store_that_is_chosen(owner: Client) -> None:
    _, store = StoreFactory(currency="AUD"), StoreFactory(currency="NZD")
    save(owner, open_page(owner, PAGE), store=store.pk, first_name="Ann")
    assert Customer.objects.get(first_name="Ann").currency == "NZD"


def test_what_is_wrong_in_a_folded_part_is_seen(owner: Client, customer: Customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    folded = page.content.count(b"<details><summary>")
    page = save(owner, page, birth_date="soon", payment_terms="soon")
    assert "Enter a valid date" in errors_of(page)
    assert page.content.count(b"<details><summary>") == folded - 2


def test_what_is_wrong_in_a_folded_part_of_an_address_is_seen(
    owner: Client, customer: Customer
) -> None:
    page = open_page(owner, PAGE, customer.pk)
    folded = page.content.count(b"<details><summary>")
    page = save(owner, page, **{"addresses-0-phone": "9" * 300})
    assert "at most" in errors_of(page)
    assert page.content.count(b"<details><summary>") < folded


def test_saving_a_page_as_it_is_changes_nothing(owner: Client, customer: Customer) -> None:
    save(owner, open_page(owner, PAGE, customer.pk))
    assert Customer.objects.get(pk=customer.pk).version == 1
    assert Event.objects.count() == 1


def test_all_changes_of_a_page_are_one_version_and_one_event(owner: Client, customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    save(
        owner,
        page,
        first_name="Anna",
        **address(0, city="Perth"),
        **{"contacts-TOTAL_FORMS": "1", "contacts-0-name": "Bo"},
    )
    customer.refresh_from_db()
    assert (customer.name, customer.version) == ("Anna Lee", 2)
    assert customer.addresses.get().city == "Perth"
    event = last_event(customer)
    assert sorted(event.changed) == ["addresses", "contacts", "first_name", "name"]
    assert event.actor_id == User.objects.get().pk


def test_only_what_was_changed_is_sent_to_the_service(owner: Client, customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"name": "Ann Mary Lee"})
    before = Customer.objects.get(pk=customer.pk)
    save(owner, open_page(owner, PAGE, customer.pk), notes="Rings twice")
    after = Customer.objects.get(pk=customer.pk)
    assert (after.first_name, after.last_name) == (before.first_name, before.last_name)
    assert last_event(customer).changed == ["notes"]


def test_an_address_keeps_its_id_when_it_moves(owner: Client, customer) -> None:
    uid = customer.addresses.get().uid
    save(owner, open_page(owner, PAGE, customer.pk), **address(0, city="Perth", state="WA"))
    moved = customer.addresses.get()
    assert moved.uid == uid
    assert (moved.state, moved.state_code) == ("Western Australia", "WA")


def test_the_default_moves_with_its_mark_and_two_marks_are_refused(owner: Client, store) -> None:
    rows = [AddressFields(label="Shop"), AddressFields(label="Home")]
    customer = CustomerFactory(store=store, addresses=rows)
    page = open_page(owner, PAGE, customer.pk)
    both = save(owner, page, **{"addresses-1-is_default": "on"})
    assert "Only one address can be the default" in both.content.decode()
    page = open_page(owner, PAGE, customer.pk)
    save(owner, page, **{"addresses-0-is_default": None, "addresses-1-is_default": "on"})
    assert customer.addresses.get(is_default=True).label == "Home"


def test_two_primary_contacts_are_refused_in_words(owner: Client, store) -> None:
    contacts = [{"name": "Bo", "is_primary": True}, {"name": "Cy"}]
    customer = CustomerFactory(store=store, contacts=contacts)
    page = open_page(owner, PAGE, customer.pk)
    answer = save(owner, page, **{"contacts-1-is_primary": "on"})
    assert "Only one contact can be the primary" in answer.content.decode()
    assert customer.contacts.get(is_primary=True).name == "Bo"


def test_addresses_and_contacts_are_taken_away(owner: Client, store) -> None:
    customer = CustomerFactory(
        store=store, addresses=[AddressFields(), AddressFields()], contacts=[{"name": "Bo"}]
    )
    page = open_page(owner, PAGE, customer.pk)
    save(owner, page, **{"addresses-0-DELETE": "on", "contacts-0-DELETE": "on"})
    assert customer.addresses.get().is_default
    assert not customer.contacts.exists()


def test_a_billing_address_comes_and_goes(owner: Client, customer) -> None:
    new = {"addresses-2-TOTAL_FORMS": "1", "addresses-2-0-line1": "9 Bay Road"}
    save(owner, open_page(owner, PAGE, customer.pk), **new)
    assert customer.addresses.get(role="billing").line1 == "9 Bay Road"
    save(owner, open_page(owner, PAGE, customer.pk), **{"addresses-2-0-DELETE": "on"})
    assert not customer.addresses.filter(role="billing").exists()
    assert customer.addresses.count() == 1


def test_a_zone_and_tags_are_given_in_their_order(owner: Client, store, customer) -> None:
    zone = DeliveryZone.objects.create(store=store, name="North")
    one, two = create_tag(store, "Zulu"), create_tag(store, "Alpha")
    save(owner, open_page(owner, PAGE, customer.pk), tag_list=[one.pk])
    save(
        owner,
        open_page(owner, PAGE, customer.pk),
        tag_list=[one.pk, two.pk],
        **address(0, delivery_zone=str(zone.pk)),
    )
    tags = Tag.objects.filter(customers=customer).order_by("customer_tags__id")
    assert list(tags) == [one, two]
    assert customer.addresses.get().delivery_zone == zone


def test_who_may_only_look_sees_the_tags(sign_in: SignIn, store) -> None:
    customer = CustomerFactory(store=store, tags=["VIP", "Trade"])
    shown = open_page(sign_in("Viewer", store), PAGE, customer.pk).content.decode()
    assert "Tags:" in shown
    assert "Tag list" not in shown
    assert shown.index(">VIP<") < shown.index(">Trade<")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "taken@example.com", "has this e-mail address"),
        ("email", "nonsense", "not an e-mail address"),
        ("phone", "nonsense", "not a phone number"),
        ("credit_limit", "-1", "may not be negative"),
        ("discount_rate", "101", "from 0 to 100"),
        ("payment_terms", "someday", "net_30"),
        ("payment_terms", "net_007", "net_30"),
        ("payment_terms", "net_٣٠", "net_30"),
        ("currency", "XXQ", "ISO 4217"),
    ],
)
def test_a_refusal_stands_beside_its_field(
    owner: Client, store, customer, field: str, value: str, words: str
) -> None:
    CustomerFactory(store=store, email="taken@example.com")
    page = open_page(owner, PAGE, customer.pk)
    answer = save(owner, page, first_name="Anna", **{field: value})
    assert words in " ".join(answer.context["adminform"].form.errors[field])
    assert Customer.objects.get(pk=customer.pk).version == 1


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(
    owner: Client, customer: Customer
) -> None:
    page = open_page(owner, PAGE, customer.pk)
    bo = Actor("staff", 7, "Bo Fox")
    update_customer(
        customer.as_queryset(), bo, {"phone": "+61 2 9000 1234", "is_blacklisted": True}
    )
    answer = save(owner, page, first_name="Anna", notes="mine")
    errors = errors_of(answer)
    assert "nothing of yours was saved" in errors
    assert "Bo Fox: Phone: – → +61 2 9000 1234" in errors
    assert "Bo Fox: Is blacklisted: no → yes" in errors
    customer.refresh_from_db()
    assert (customer.first_name, customer.notes, customer.phone) == ("Ann", "", "+61 2 9000 1234")
    # pressing the button once more does not get past it
    assert "nothing of yours was saved" in errors_of(save(owner, answer))
    assert answer.context["adminform"].form["notes"].value() == "mine"


def test_an_order_that_comes_in_meanwhile_is_in_nobodys_way(owner: Client, customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"is_account_enabled": True})
    page = open_page(owner, PAGE, customer.pk)
    place_order(customer.as_queryset(), SYSTEM, [LineFields()], on_account=True)
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-5))
    save(owner, page, notes="mine")
    customer.refresh_from_db()
    assert (customer.notes, customer.account_balance) == ("mine", 20)


def test_a_customer_deleted_meanwhile_is_not_changed(owner: Client, customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    delete_customer(customer.as_queryset(), SYSTEM)
    assert save(owner, page, notes="mine").status_code == 403
    assert Customer.objects.get(pk=customer.pk).notes == ""


def test_a_page_without_a_version_saves_nothing(owner: Client, customer) -> None:
    answer = save(owner, open_page(owner, PAGE, customer.pk), seen_version="", first_name="Anna")
    assert "nothing of yours was saved" in errors_of(answer)


def test_the_timeline_tells_who_changed_what_from_what(owner: Client, customer) -> None:
    save(
        owner, open_page(owner, PAGE, customer.pk), notes="Rings twice", **address(0, city="Perth")
    )
    update_customer(
        customer.as_queryset(), Actor("key", 3, "API key shop"), {"marketing_opt_in": True}
    )
    timeline = open_page(owner, PAGE, customer.pk).context["timeline"]
    assert [(entry.who, entry.title) for entry in timeline] == [
        ("API key shop", "Changed"),
        ("owner", "Changed"),
        ("Clientele", "Created"),
    ]
    told = [(change.name, change.old, change.new) for change in timeline[1].changes]
    assert ("Notes", "–", "Rings twice") in told
    assert ("Address Shop: city", "Sydney", "Perth") in told


def test_the_timeline_calls_depots_by_their_names(owner: Client, store, customer) -> None:
    east, west = (Depot.objects.create(store=store, name=name) for name in ("East", "West"))
    for depot in (east, west):
        update_customer(customer.as_queryset(), SYSTEM, {"default_depot_id": depot.pk})
    (second, first, *_) = open_page(owner, PAGE, customer.pk).context["timeline"]
    told = [(change.name, change.old, change.new) for change in first.changes + second.changes]
    assert told == [("Default depot", "–", "East"), ("Default depot", "East", "West")]


def test_the_timeline_tells_each_change_of_an_address_once(owner: Client, customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"billing_address": {"line1": "1 Bill Street"}})
    fields = {"delivery_address": {"city": "Perth"}, "billing_address": {"line1": "2 Bill Street"}}
    update_customer(customer.as_queryset(), SYSTEM, fields)
    changes = open_page(owner, PAGE, customer.pk).context["timeline"][0].changes
    told = [(change.name.rpartition(": ")[2], change.old, change.new) for change in changes]
    assert sorted(told) == [
        ("city", "Sydney", "Perth"),
        ("street", "1 Bill Street", "2 Bill Street"),
    ]


def test_what_was_spent_is_in_the_currency_of_the_orders(owner: Client, customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"currency": "USD"})
    order = place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    page = open_page(owner, PAGE, customer.pk).content.decode()
    assert order["currency"] == "AUD"
    assert "AUD, ever" in page
    assert '<span class="unit">USD' not in page


def test_the_timeline_names_orders(owner: Client, customer) -> None:
    row = place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    timeline = open_page(owner, PAGE, customer.pk).context["timeline"]
    assert timeline[0].title == f"Order placed: {row['number']}"


def test_cancelled_orders_do_not_count_and_the_page_says_so(owner: Client, customer) -> None:
    row = place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    move_order(Order.objects.filter(uid=row["uid"]), SYSTEM, Status.CANCELLED)
    page = open_page(owner, PAGE, customer.pk).content.decode()
    assert "none but cancelled" in page
    assert "none yet" not in page


def test_the_history_of_a_customer_without_events_is_empty(owner: Client, customer) -> None:
    Event.objects.filter(customer_uid=customer.uid).delete()
    page = owner.get(reverse("admin:customers_customer_history", args=[customer.pk]))
    assert page.status_code == 200
    assert page.context["timeline"] == []


def test_the_history_pages_through_everything(owner: Client, customer) -> None:
    for number in range(55):
        update_customer(customer.as_queryset(), SYSTEM, {"notes": f"note {number}"})
    url = reverse("admin:customers_customer_history", args=[customer.pk])
    first, second = owner.get(url), owner.get(url, {"page": 2})
    assert len(first.context["timeline"]) == 50
    assert len(second.context["timeline"]) == 6
    assert first.context["timeline"][-1].changes[0].old == "note 4"


def post(client: Client, customer: Customer, what: str, amount: str, reason: str = "why"):
    url = reverse("admin:customers_customer_post", args=[customer.pk])
    return send(client, client.get(url), what=what, amount=amount, reason=reason)


def test_money_is_charged_and_settled_with_a_reason(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, is_account_enabled=True, credit_limit=Decimal(100))
    post(owner, customer, "charge", "80", "Catering")
    post(owner, customer, "settle", "30")
    entries = customer.ledger_entries.order_by("id")
    assert [(e.amount, e.balance_after, e.actor_name) for e in entries] == [
        (80, 80, "owner"),
        (-30, 50, "owner"),
    ]
    assert entries[0].notes == "Catering"
    statement = open_page(owner, PAGE, customer.pk).context["entries"]
    assert [entry.amount for entry in statement] == [-30, 80]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({}, "0.00 (no house account)"),
        ({"is_account_enabled": True}, "0.00 (no limit)"),
        ({"is_account_enabled": True, "credit_limit": Decimal(1200)}, "0.00 (of 1,200.00)"),
    ],
)
def test_who_books_is_told_what_may_be_owed(owner: Client, store, terms, said: str) -> None:
    customer = CustomerFactory(store=store, **terms)
    url = reverse("admin:customers_customer_post", args=[customer.pk])
    assert f"Owed on account: {said}." in owner.get(url).content.decode()


def test_a_statement_and_credit_checks_are_found_by_their_customer(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee")
    post(owner, customer, "grant", "10")
    owner.post(reverse("admin:customers_customer_check", args=[customer.pk]))
    for model in ("customers_ledgerentry", "orders_creditcheck"):
        url = reverse(f"admin:{model}_changelist")
        assert len(owner.get(url, {"q": "ann l"}).context["cl"].result_list) == 1
        assert not owner.get(url, {"q": "bob"}).context["cl"].result_list


def test_money_past_the_limit_is_refused_with_the_figures(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, is_account_enabled=True, credit_limit=Decimal(100))
    page = post(owner, customer, "charge", "100.01")
    text = page.content.decode()
    assert "over the credit limit: limit 100.00" in text
    assert "asked 100.01" in text
    assert not customer.ledger_entries.exists()


def test_points_are_given_and_taken_but_never_below_zero(owner: Client, customer) -> None:
    post(owner, customer, "grant", "10")
    assert "Not enough points" in post(owner, customer, "redeem", "11").content.decode()
    post(owner, customer, "redeem", "4")
    assert Customer.objects.get(pk=customer.pk).loyalty_balance == 6


def test_nothing_is_booked_without_a_reason_or_of_no_amount(owner: Client, customer) -> None:
    post(owner, customer, "grant", "10", "")
    post(owner, customer, "grant", "0")
    post(owner, customer, "grant", "-5")
    assert not customer.ledger_entries.exists()


def test_a_credit_check_is_kept_and_shown_with_its_factors(owner: Client, customer) -> None:
    url = reverse("admin:customers_customer_check", args=[customer.pk])
    page = owner.post(url, follow=True)
    check = CreditCheck.objects.get(customer=customer)
    assert (check.score, check.actor_name) == (650, "owner")
    assert page.context["credit"] == check
    assert "payment days" in page.content.decode()
    assert owner.get(url).status_code == 405


def delete(client: Client, customer: Customer):
    url = reverse("admin:customers_customer_delete", args=[customer.pk])
    return client.post(url, {"post": "yes"}, follow=True)


def test_a_customer_with_orders_is_not_deleted_and_the_reason_said(owner: Client, customer) -> None:
    place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    url = reverse("admin:customers_customer_delete", args=[customer.pk])
    assert "cannot be deleted: there is 1 order" in owner.get(url).content.decode()
    page = delete(owner, customer)
    assert messages_of(page) == ["The customer has orders and cannot be deleted."]
    assert Customer.objects.get(pk=customer.pk).deleted_at is None


def test_a_deleted_customer_is_shown_read_only_and_comes_back(owner: Client, customer) -> None:
    delete(owner, customer)
    assert last_event(customer).type == "customer.deleted"
    page = open_page(owner, PAGE, customer.pk)
    assert "Deleted on" in page.content.decode()
    assert 'name="first_name"' not in page.content.decode()
    url = reverse("admin:customers_customer_restore", args=[customer.pk])
    assert messages_of(owner.post(url, follow=True)) == ["The customer is back."]
    assert last_event(customer).type == "customer.restored"


def test_a_customer_whose_address_is_taken_by_now_stays_deleted(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, email="ann@example.com")
    delete_customer(customer.as_queryset(), SYSTEM)
    CustomerFactory(store=store, email="ann@example.com")
    url = reverse("admin:customers_customer_restore", args=[customer.pk])
    page = owner.post(url, follow=True)
    assert messages_of(page) == ["Another customer of this store has this e-mail address."]
    assert Customer.objects.get(pk=customer.pk).deleted_at is not None
