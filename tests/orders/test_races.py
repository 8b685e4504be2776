"""Real threads on a real server: what SQLite's single writer never lets happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from customers.models import Customer, CustomerTag, DeliveryZone, Depot, LedgerEntry, Tag
from customers.models.ledger import Account
from customers.services.accounts import post_entry
from customers.services.addresses.one_address import add_address
from customers.services.customers import create_customer, delete_unused_customer, update_customer
from customers.services.delivery_zones import create_zone, delete_zone, update_zone
from customers.services.depots import delete_depot
from customers.services.tags import create_tag, delete_tag, update_tag
from orders.models import Order
from orders.services.customers import delete_customer_with_orders
from orders.services.placing import place_order
from orders.verification.balances import differences
from orders.verification.days import day_differences
from stores.actors import SYSTEM
from stores.errors import Conflict, DomainError, NotFound
from stores.models import Event
from tests.factories import AddressFields, CustomerFactory, LineFields, StoreFactory, parsed_fields

# only the tables of these are emptied afterwards, which takes a tenth of the time
APPS = ["stores", "customers", "orders"]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, available_apps=APPS),
]

Work = Callable[[], Any]
LIMIT_FOR_THIRTEEN = Decimal("13.00")


def attempt(work: Work) -> Any:
    """The result, or the refusal; anything else that is raised fails the test."""
    try:
        return work()
    except DomainError as refusal:
        return refusal


def in_threads(threads: int, works: Iterable[Work]) -> list[Any]:
    """Results of all works, done by so many threads that begin together."""
    works = list(works)
    start = Barrier(threads)

    def run(mine: list[Work]) -> list[Any]:
        try:
            start.wait()
            return [attempt(work) for work in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(run, [works[number::threads] for number in range(threads)])
        return [result for part in parts for result in part]


def together(*works: Work) -> list[Any]:
    return in_threads(len(works), works)


def one(customer: Customer) -> Any:
    return Customer.objects.for_store(customer.store).filter(uid=customer.uid)


def conflicts(results: list[Any]) -> list[str]:
    return [result.code for result in results if isinstance(result, Conflict)]


@pytest.fixture
def account():
    return CustomerFactory(is_account_enabled=True, credit_limit=LIMIT_FOR_THIRTEEN)


def test_of_two_hundred_parallel_debits_the_limit_lets_thirteen_through(account):
    def debit():
        return post_entry(one(account), SYSTEM, Account.HOUSE, Decimal("1.00"))

    results = in_threads(20, [debit] * 200)
    assert conflicts(results) == ["over_limit"] * 187
    account.refresh_from_db()
    assert account.account_balance == LIMIT_FOR_THIRTEEN
    kept = LedgerEntry.objects.order_by("id").values_list("balance_after", flat=True)
    assert list(kept) == [Decimal(number) for number in range(1, 14)]


def test_orders_on_account_pass_no_limit_either(account):
    def order():
        items = [LineFields(quantity=1, unit_price=Decimal("1.00"))]
        return place_order(one(account), SYSTEM, items, on_account=True)

    results = in_threads(10, [order] * 40)
    assert conflicts(results) == ["over_limit"] * 27
    assert sorted(Order.objects.values_list("sequence", flat=True)) == list(range(1, 14))
    assert not list(differences())


def test_eight_writers_number_their_orders_without_gap_or_repeat():
    store = StoreFactory()
    writers = [CustomerFactory(store=store) for _ in range(8)]
    works = [
        lambda writer=writer: place_order(one(writer), SYSTEM, [LineFields()])
        for _ in range(15)
        for writer in writers
    ]
    results = in_threads(8, works)
    assert sorted(row["sequence"] for row in results) == list(range(1, 121))
    events = Event.objects.filter(store=store, type="order.created").order_by("id")
    told = [event.snapshot["sequence"] for event in events]
    assert told == list(range(1, 121))


@pytest.mark.parametrize("delete", [delete_unused_customer, delete_customer_with_orders])
def test_an_order_never_outlives_the_deletion_it_raced_with(delete):
    store = StoreFactory()
    customers = [CustomerFactory(store=store) for _ in range(100)]
    meeting = Barrier(2)

    def meet(work: Work) -> Any:
        meeting.wait()
        return attempt(work)

    def buyer() -> list[Any]:
        return [meet(lambda c=c: place_order(one(c), SYSTEM, [LineFields()])) for c in customers]

    def deleter() -> list[Any]:
        return [meet(lambda c=c: delete(one(c), SYSTEM)) for c in customers]

    (orders, deletions) = together(buyer, deleter)
    for customer, order, deletion in zip(customers, orders, deletions, strict=True):
        customer.refresh_from_db()
        placed, deleted = not isinstance(order, NotFound), not isinstance(deletion, Conflict)
        assert placed or deleted
        assert bool(customer.deleted_at) is deleted
        visible = Order.objects.visible().filter(customer=customer).exists()
        assert visible is (placed and not deleted)


def test_orders_are_placed_while_others_of_the_store_withdraw():
    store = StoreFactory()
    buyer = CustomerFactory(store=store)
    leavers = [CustomerFactory(store=store) for _ in range(60)]
    for leaver in leavers:
        place_order(one(leaver), SYSTEM, [LineFields()])
    for leaver in leavers:
        together(
            lambda: place_order(one(buyer), SYSTEM, [LineFields()]),
            lambda c=leaver: delete_customer_with_orders(one(c), SYSTEM),
        )
    assert Order.objects.visible().count() == 60
    assert not list(day_differences())


def test_parallel_updates_of_different_fields_are_both_kept():
    customer = CustomerFactory()
    for number in range(25):
        together(
            lambda n=number: update_customer(one(customer), SYSTEM, {"notes": f"note {n}"}),
            lambda n=number: update_customer(one(customer), SYSTEM, {"company": f"firm {n}"}),
            lambda: place_order(one(customer), SYSTEM, [LineFields()]),
        )
        customer.refresh_from_db()
        assert (customer.notes, customer.company) == (f"note {number}", f"firm {number}")
        assert customer.order_count == number + 1
    versions = Event.objects.order_by("id").values_list("version", flat=True)
    assert list(versions) == list(range(1, 77))


def test_of_fifty_parallel_creates_of_one_address_one_succeeds():
    store = StoreFactory()
    spellings = ["ada@example.com", "ADA@example.com"]
    results = in_threads(
        25,
        [
            lambda email=spellings[number % 2]: create_customer(
                store, SYSTEM, parsed_fields({"name": "Ada", "email": email})
            )
            for number in range(50)
        ],
    )
    assert conflicts(results) == ["email_taken"] * 49
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [(update_tag, Tag, "tags"), (update_zone, DeliveryZone, "addresses")],
    ids=["tag", "zone"],
)
def test_what_many_customers_show_is_renamed_while_they_change(change, kind, told):
    store = StoreFactory()
    zone = create_zone(store, "Harbour")
    fields = {"store": store, "tags": ["regular"], "addresses": [AddressFields(delivery_zone=zone)]}
    customers = [CustomerFactory(**fields) for _ in range(6)]

    def rename(number: int) -> Work:
        return lambda: change(kind.objects.filter(store=store), SYSTEM, {"name": f"No {number}"})

    def note(number: int) -> Work:
        own = Customer.objects.filter(pk=customers[number % 6].pk)
        return lambda: update_customer(own, SYSTEM, {"notes": f"seen {number}"})

    works = [work for number in range(60) for work in (rename(number), note(number), note(-number))]
    in_threads(6, works)
    changed = Event.objects.filter(customer_uid=customers[0].uid, changed=[told])
    assert changed.count() == 60


def test_a_tag_is_renamed_while_customers_get_and_lose_it():
    store = StoreFactory()
    customers = [CustomerFactory(store=store, tags=["regular"]) for _ in range(6)]
    tag = Tag.objects.get(store=store)

    def rename(number: int) -> Work:
        own = Tag.objects.filter(store=store, uid=tag.uid)
        return lambda: update_tag(own, SYSTEM, {"name": f"No {number}"})

    def assign(number: int) -> Work:
        uids = [tag.uid] if number % 2 else []
        return lambda: update_customer(one(customers[number % 6]), SYSTEM, {"tag_uids": uids})

    def create(number: int) -> Work:
        return lambda: create_customer(store, SYSTEM, {"name": "New", "tag_uids": [tag.uid]})

    kinds = (rename, assign, create, assign)
    results = in_threads(8, [kind(number) for number in range(40) for kind in kinds])
    assert not [result for result in results if isinstance(result, DomainError)]
    assert CustomerTag.objects.filter(tag=tag, customer__name="New").count() == 40


def test_a_tag_that_goes_while_customers_get_it_leaves_none_behind():
    store = StoreFactory()
    customers = [CustomerFactory(store=store) for _ in range(6)]
    for number in range(15):
        tag = create_tag(store, f"No {number}")
        gone = Tag.objects.filter(store=store, uid=tag.uid)
        works = [
            partial(update_customer, one(customer), SYSTEM, {"tag_uids": [tag.uid]})
            for customer in customers
        ]
        together(partial(delete_tag, gone, SYSTEM), *works)
    assert not Tag.objects.exists()
    assert not CustomerTag.objects.exists()


def in_zone(zone: DeliveryZone) -> dict[str, Any]:
    return {"line1": "1 Quay", "delivery_zone_uid": zone.uid}


@pytest.mark.parametrize("inside", [0, 3])
def test_a_zone_that_goes_while_addresses_come_into_it_leaves_none_behind(inside):
    store = StoreFactory()
    customers = [CustomerFactory(store=store) for _ in range(6)]
    for number in range(10):
        zone = create_zone(store, f"No {number}")
        for customer in customers[:inside]:
            add_address(one(customer), SYSTEM, in_zone(zone))
        together(
            partial(delete_zone, zone.as_queryset(), SYSTEM),
            *(partial(add_address, one(c), SYSTEM, in_zone(zone)) for c in customers),
            partial(
                create_customer, store, SYSTEM, {"addresses": [AddressFields(delivery_zone=zone)]}
            ),
        )
    assert not DeliveryZone.objects.exists()


@pytest.mark.parametrize("inside", [0, 3])
def test_a_depot_that_goes_while_customers_get_it_leaves_none_behind(inside):
    store = StoreFactory()
    customers = [CustomerFactory(store=store) for _ in range(6)]
    for number in range(10):
        depot = Depot.objects.create(store=store, name=f"No {number}")
        fields = {"default_depot_id": depot.pk}
        for customer in customers[:inside]:
            update_customer(one(customer), SYSTEM, fields)
        together(
            partial(delete_depot, depot.as_queryset(), SYSTEM),
            *(partial(update_customer, one(c), SYSTEM, fields) for c in customers),
            partial(create_customer, store, SYSTEM, fields),
        )
    assert not Depot.objects.exists()
