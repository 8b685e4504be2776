"""The customer page: a save goes through the services and makes one new version."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from customers.models import Charge, Customer, DeliveryZone, Tag
from customers.models.ledger import Account
from customers.services.customers import update_customer
from customers.services.tags import create_tag
from orders.models import Order
from orders.models.order import Status
from orders.services.accounts import post_entry
from orders.services.customers import delete_customer
from orders.services.moving import move_order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Event
from tests.admin.conftest import SignIn
from tests.admin.pages import errors_of, messages_of, open_page, read_customer, save
from tests.factories import AddressFields, CustomerFactory, LineFields, StoreFactory

PAGE = "customers_customer"


def last_event(customer: Customer) -> Event:
    return Event.objects.filter(customer_uid=customer.uid).latest("id")


def address(index: int, **fields: str) -> dict[str, str]:
    return {f"addresses-{index}-{name}": value for name, value in fields.items()}


def test_new_customer_gets_all_fields_of_the_page(owner: Client, store) -> None:
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


NOBODY = "Enter a name, a company, an e-mail or a phone."


def test_customer_without_name_or_contact_is_refused(owner: Client, store) -> None:
    page = save(owner, open_page(owner, PAGE), store=store.pk, first_name=" ", notes="Tall")
    assert NOBODY in errors_of(page)
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"last_name": "Lee"},
        {"company": "Lee & Co"},
        {"email": "ann@example.com"},
        {"phone": "02 9000 1234"},
    ],
)
def test_one_way_to_name_or_reach_a_customer_is_enough(owner: Client, store, fields) -> None:
    save(owner, open_page(owner, PAGE), store=store.pk, **fields)
    assert Customer.objects.count() == 1


def test_last_name_or_contact_cannot_be_removed(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, name="Ann Lee", email="")
    page = open_page(owner, PAGE, customer.pk)
    assert NOBODY in errors_of(save(owner, page, first_name="", last_name=""))
    page = save(owner, page, first_name="", last_name="", phone="9" * 300)
    assert NOBODY not in errors_of(page)
    customer.refresh_from_db()
    assert customer.name == "Ann Lee"


def test_new_customer_has_its_stores_currency(owner: Client) -> None:
    _, store = StoreFactory(currency="AUD"), StoreFactory(currency="NZD")
    save(owner, open_page(owner, PAGE), store=store.pk, first_name="Ann")
    assert Customer.objects.get(first_name="Ann").currency == "NZD"


def test_errors_unfold_their_section(owner: Client, customer: Customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    folded = page.content.count(b"<details><summary>")
    page = save(owner, page, birth_date="soon", payment_terms="soon")
    assert "Write the day like" in errors_of(page)
    assert page.content.count(b"<details><summary>") == folded - 2


def test_errors_of_an_address_unfold_their_section(owner: Client, customer: Customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    folded = page.content.count(b"<details><summary>")
    page = save(owner, page, **{"addresses-0-phone": "9" * 300})
    assert "at most" in errors_of(page)
    assert page.content.count(b"<details><summary>") < folded


def test_saving_an_unchanged_page_changes_nothing(owner: Client, customer: Customer) -> None:
    save(owner, open_page(owner, PAGE, customer.pk))
    assert Customer.objects.get(pk=customer.pk).version == 1
    assert Event.objects.count() == 1


def test_one_save_makes_one_version_and_event(owner: Client, customer) -> None:
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


def test_only_changed_fields_reach_the_service(owner: Client, customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"name": "Ann Mary Lee"})
    before = Customer.objects.get(pk=customer.pk)
    save(owner, open_page(owner, PAGE, customer.pk), notes="Rings twice")
    after = Customer.objects.get(pk=customer.pk)
    assert (after.first_name, after.last_name) == (before.first_name, before.last_name)
    assert last_event(customer).changed == ["notes"]


def test_edited_address_keeps_its_id(owner: Client, customer) -> None:
    uid = customer.addresses.get().uid
    save(owner, open_page(owner, PAGE, customer.pk), **address(0, city="Perth", state="WA"))
    moved = customer.addresses.get()
    assert moved.uid == uid
    assert (moved.state, moved.state_code) == ("Western Australia", "WA")


def test_default_address_moves_and_is_unique(owner: Client, store) -> None:
    rows = [AddressFields(label="Shop"), AddressFields(label="Home")]
    customer = CustomerFactory(store=store, addresses=rows)
    page = open_page(owner, PAGE, customer.pk)
    both = save(owner, page, **{"addresses-1-is_default": "on"})
    assert "Only one address can be the default" in both.content.decode()
    page = open_page(owner, PAGE, customer.pk)
    save(owner, page, **{"addresses-0-is_default": None, "addresses-1-is_default": "on"})
    assert customer.addresses.get(is_default=True).label == "Home"


def test_two_primary_contacts_are_refused(owner: Client, store) -> None:
    contacts = [{"name": "Bo", "is_primary": True}, {"name": "Cy"}]
    customer = CustomerFactory(store=store, contacts=contacts)
    page = open_page(owner, PAGE, customer.pk)
    answer = save(owner, page, **{"contacts-1-is_primary": "on"})
    assert "Only one contact can be the primary" in answer.content.decode()
    assert customer.contacts.get(is_primary=True).name == "Bo"


def test_addresses_and_contacts_are_removed(owner: Client, store) -> None:
    customer = CustomerFactory(
        store=store, addresses=[AddressFields(), AddressFields()], contacts=[{"name": "Bo"}]
    )
    page = open_page(owner, PAGE, customer.pk)
    save(owner, page, **{"addresses-0-DELETE": "on", "contacts-0-DELETE": "on"})
    assert customer.addresses.get().is_default
    assert not customer.contacts.exists()


def test_billing_address_is_added_and_removed(owner: Client, customer) -> None:
    new = {"addresses-2-TOTAL_FORMS": "1", "addresses-2-0-line1": "9 Bay Road"}
    save(owner, open_page(owner, PAGE, customer.pk), **new)
    assert customer.addresses.get(role="billing").line1 == "9 Bay Road"
    save(owner, open_page(owner, PAGE, customer.pk), **{"addresses-2-0-DELETE": "on"})
    assert not customer.addresses.filter(role="billing").exists()
    assert customer.addresses.count() == 1


def test_zone_and_ordered_tags_are_saved(owner: Client, store, customer) -> None:
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


def test_viewer_sees_the_tags(sign_in: SignIn, store) -> None:
    customer = CustomerFactory(store=store, tags=["VIP", "Trade"])
    shown = read_customer(sign_in("Viewer", store), customer.pk).content.decode()
    assert shown.index(">VIP<") < shown.index(">Trade<")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "taken@example.com", "has this e-mail address"),
        ("email", "nonsense", "valid e-mail address"),
        ("phone", "nonsense", "valid phone number"),
        ("credit_limit", "-1", "zero or more"),
        ("discount_rate", "101", "from 0 to 100"),
        ("payment_terms", "someday", "net_30"),
        ("payment_terms", "net_007", "net_30"),
        ("payment_terms", "net_٣٠", "net_30"),
        ("currency", "XXQ", "ISO 4217"),
    ],
)
def test_refusal_is_shown_at_its_field(
    owner: Client, store, customer, field: str, value: str, words: str
) -> None:
    CustomerFactory(store=store, email="taken@example.com")
    page = open_page(owner, PAGE, customer.pk)
    answer = save(owner, page, first_name="Anna", **{field: value})
    assert words in " ".join(answer.context["adminform"].form.errors[field])
    assert Customer.objects.get(pk=customer.pk).version == 1


def test_concurrent_order_is_no_conflict(owner: Client, customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"is_account_enabled": True})
    page = open_page(owner, PAGE, customer.pk)
    place_order(customer.as_queryset(), SYSTEM, [LineFields()], on_account=True)
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-5))
    save(owner, page, notes="mine")
    customer.refresh_from_db()
    assert (customer.notes, customer.account_balance) == ("mine", 20)


def test_concurrently_deleted_customer_is_not_changed(owner: Client, customer) -> None:
    page = open_page(owner, PAGE, customer.pk)
    delete_customer(customer.as_queryset(), SYSTEM)
    assert save(owner, page, notes="mine").status_code == 403
    assert Customer.objects.get(pk=customer.pk).notes == ""


def test_total_spent_has_the_orders_currency(owner: Client, customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"currency": "USD"})
    order = place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    page = read_customer(owner, customer.pk).content.decode()
    assert order["currency"] == "AUD"
    assert page.count('<span class="cur">AUD') == 3  # owes, spent, spent in twelve months
    assert '<span class="cur">USD' not in page


def test_cancelled_orders_do_not_count(owner: Client, customer) -> None:
    row = place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    move_order(Order.objects.filter(uid=row["uid"]), SYSTEM, Status.CANCELLED)
    page = read_customer(owner, customer.pk).content.decode()
    assert "only cancelled ones" in page
    assert "no orders yet" not in page


def delete(client: Client, customer: Customer):
    url = reverse("admin:customers_customer_delete", args=[customer.pk])
    return client.post(url, {"post": "yes"}, follow=True)


def test_customer_with_orders_is_not_deleted(owner: Client, customer) -> None:
    place_order(customer.as_queryset(), SYSTEM, [LineFields()])
    url = reverse("admin:customers_customer_delete", args=[customer.pk])
    assert "cannot be deleted, because the customer has 1 order" in owner.get(url).content.decode()
    page = delete(owner, customer)
    assert messages_of(page) == ["The customer has orders and cannot be deleted."]
    assert Customer.objects.get(pk=customer.pk).deleted_at is None


def test_deleted_customer_is_read_only_and_restorable(owner: Client, customer) -> None:
    delete(owner, customer)
    assert last_event(customer).type == "customer.deleted"
    page = read_customer(owner, customer.pk)
    assert "Deleted on" in page.content.decode()
    assert 'name="first_name"' not in page.content.decode()
    url = reverse("admin:customers_customer_restore", args=[customer.pk])
    assert messages_of(owner.post(url, follow=True)) == ["The customer is restored."]
    assert last_event(customer).type == "customer.restored"


def test_restore_is_refused_for_a_taken_email(owner: Client, store) -> None:
    customer = CustomerFactory(store=store, email="ann@example.com")
    delete_customer(customer.as_queryset(), SYSTEM)
    CustomerFactory(store=store, email="ann@example.com")
    url = reverse("admin:customers_customer_restore", args=[customer.pk])
    page = owner.post(url, follow=True)
    assert messages_of(page) == ["Another customer of this store has this e-mail address."]
    assert Customer.objects.get(pk=customer.pk).deleted_at is not None


@pytest.mark.parametrize("section", ["person", "terms", "addresses", "contacts"])
def test_a_section_is_edited_by_itself(sign_in: SignIn, store, section: str) -> None:
    client = sign_in("Manager" if section == "terms" else "Clerk", store)
    customer = CustomerFactory(
        store=store,
        name="Ann Lee",
        email="ann@example.com",
        tags=["VIP"],
        addresses=[AddressFields(line1="1 George Street")],
        contacts=[{"name": "Bo"}],
        is_account_enabled=True,
        payment_terms="net_30",
    )
    before = Customer.objects.filter(pk=customer.pk).values().get()
    url = reverse(f"admin:{PAGE}_change", args=[customer.pk])
    page = client.get(f"{url}?edit={section}&_changelist_filters=q%3Dann")
    changed = {
        "person": {"first_name": "Anna"},
        "terms": {"payment_terms": "net_7"},
        "addresses": {"addresses-0-line1": "2 George Street"},
        "contacts": {"contacts-0-name": "Bea"},
    }[section]
    saved = save(client, page, **changed)
    assert saved.redirect_chain == [(f"{url}?_changelist_filters=q%3Dann", 302)]
    for text in ("VIP", *changed.values()):
        assert text in saved.content.decode()
    after = Customer.objects.filter(pk=customer.pk).values().get()
    names = {name for name in after if after[name] != before[name]}
    own = {
        "person": {"first_name", "name", "name_key", "search_text"},
        "terms": {"payment_terms"},
    }
    assert names - {"version", "updated_at"} - own.get(section, set()) == set()
    assert [tag.name for tag in customer.tags.all()] == ["VIP"]
    assert (customer.addresses.count(), customer.contacts.count()) == (1, 1)


def test_page_for_reading_has_no_form_fields(owner: Client, customer) -> None:
    page = read_customer(owner, customer.pk).content.decode()
    assert "Ann Lee" in page
    assert 'type="text"' not in page


def test_what_needs_a_person_stands_first(owner: Client, store) -> None:
    customer = CustomerFactory(
        store=store,
        is_account_enabled=True,
        credit_limit=Decimal(100),
    )
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, Decimal(80))
    Charge.objects.filter(customer=customer).update(due_on=date(2020, 1, 1))
    Customer.objects.filter(pk=customer.pk).update(
        credit_limit=50,
        is_blacklisted=True,
        blacklist_reason="Bounced cheques",
        hold_reason="Cheque not cleared",
        is_active=False,
    )
    problems = [problem.text for problem in read_customer(owner, customer.pk).context["problems"]]
    assert problems[:3] == [
        "Barred: Bounced cheques",
        "On hold, nothing more on account: Cheque not cleared",
        "Suspended. Nothing can be charged to the account.",
    ]
    assert problems[3].startswith("AUD 80.00 overdue, the oldest by ")
    assert problems[4] == "AUD 30.00 over the credit limit of AUD 50.00."
