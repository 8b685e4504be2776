"""Concurrent writes in threads on PostgreSQL, which SQLite's single writer excludes."""

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
from customers.services.addresses.one_address import add_address
from customers.services.customers import create_customer, update_customer
from customers.services.delivery_zones import create_zone, delete_zone, update_zone
from customers.services.depots import delete_depot
from customers.services.tags import create_tag, delete_tag, update_tag
from orders.models import Order
from orders.services.accounts import post_entry
from orders.services.customers import delete_unused_customer
from orders.services.placing import place_order
from orders.services.withdrawing import delete_customer_with_orders
from orders.verification.balances import differences
from orders.verification.days import day_differences
from stores.actors import SYSTEM
from stores.errors import Conflict, DomainError, NotFound
from stores.models import Event
from tests.factories import AddressFields, CustomerFactory, LineFields, StoreFactory, parsed_fields

# only these apps' tables are flushed afterwards, which takes a tenth of the time
APPS = ["stores", "customers", "orders"]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, available_apps=APPS),
]

Work = Callable[[], Any]
LIMIT_FOR_THIRTEEN = Decimal("13.00")


def attempt(work: Work) -> Any:
    """Return the result or the refusal; any other exception fails the test."""
    try:
        return work()
    except DomainError as refusal:
        return refusal


def in_threads(threads: int, works: Iterable[Work]) -> list[Any]:
    """Run all works in so many threads that start together, and return the results."""
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


def run_together(*works: Work) -> list[Any]:
    return in_threads(len(works), works)


def as_queryset(customer: Customer) -> Any:
    return Customer.objects.for_store(customer.store).filter(uid=customer.uid)


def conflicts(results: list[Any]) -> list[str]:
    return [result.code for result in results if isinstance(result, Conflict)]


@pytest.fixture
def account():
    return CustomerFactory(is_account_enabled=True, credit_limit=LIMIT_FOR_THIRTEEN)


def test_parallel_debits_stop_at_the_limit(account):
    def debit():
        return post_entry(as_queryset(account), SYSTEM, Account.HOUSE, Decimal("1.00"))

    results = in_threads(20, [debit] * 200)
    assert conflicts(results) == ["over_limit"] * 187
    account.refresh_from_db()
    assert account.account_balance == LIMIT_FOR_THIRTEEN
    balances = LedgerEntry.objects.order_by("id").values_list("balance_after", flat=True)
    assert list(balances) == [Decimal(number) for number in range(1, 14)]


def test_parallel_orders_stop_at_the_limit(account):
    def order():
        items = [LineFields(quantity=1, unit_price=Decimal("1.00"))]
        return place_order(as_queryset(account), SYSTEM, items, on_account=True)

    results = in_threads(10, [order] * 40)
    assert conflicts(results) == ["over_limit"] * 27
    assert sorted(Order.objects.values_list("sequence", flat=True)) == list(range(1, 14))
    assert not list(differences())


def test_parallel_order_numbers_have_no_gaps():
    store = StoreFactory()
    writers = [CustomerFactory(store=store) for _ in range(8)]
    works = [
        lambda writer=writer: place_order(as_queryset(writer), SYSTEM, [LineFields()])
        for _ in range(15)
        for writer in writers
    ]
    results = in_threads(8, works)
    assert sorted(row["sequence"] for row in results) == list(range(1, 121))
    events = Event.objects.filter(store=store, type="order.created").order_by("id")
    sequences = [event.snapshot["sequence"] for event in events]
    assert sequences == list(range(1, 121))


@pytest.mark.parametrize("delete", [delete_unused_customer, delete_customer_with_orders])
def test_parallel_order_and_deletion_exclude_each_other(delete):
    store = StoreFactory()
    customers = [CustomerFactory(store=store) for _ in range(100)]
    meeting = Barrier(2)

    def meet(work: Work) -> Any:
        meeting.wait()
        return attempt(work)

    def buyer() -> list[Any]:
        return [
            meet(lambda c=c: place_order(as_queryset(c), SYSTEM, [LineFields()])) for c in customers
        ]

    def deleter() -> list[Any]:
        return [meet(lambda c=c: delete(as_queryset(c), SYSTEM)) for c in customers]

    (orders, deletions) = run_together(buyer, deleter)
    for customer, order, deletion in zip(customers, orders, deletions, strict=True):
        customer.refresh_from_db()
        placed, deleted = not isinstance(order, NotFound), not isinstance(deletion, Conflict)
        assert placed or deleted
        assert bool(customer.deleted_at) is deleted
        visible = Order.objects.visible().filter(customer=customer).exists()
        assert visible is (placed and not deleted)


def test_parallel_orders_and_withdrawals_succeed():
    store = StoreFactory()
    buyer = CustomerFactory(store=store)
    leavers = [CustomerFactory(store=store) for _ in range(60)]
    for leaver in leavers:
        place_order(as_queryset(leaver), SYSTEM, [LineFields()])
    for leaver in leavers:
        run_together(
            lambda: place_order(as_queryset(buyer), SYSTEM, [LineFields()]),
            lambda c=leaver: delete_customer_with_orders(as_queryset(c), SYSTEM),
        )
    assert Order.objects.visible().count() == 60
    assert not list(day_differences())


def test_parallel_updates_of_different_fields_are_kept():
    customer = CustomerFactory()
    for number in range(25):
        run_together(
            lambda n=number: update_customer(as_queryset(customer), SYSTEM, {"notes": f"note {n}"}),
            lambda n=number: update_customer(
                as_queryset(customer), SYSTEM, {"company": f"firm {n}"}
            ),
            lambda: place_order(as_queryset(customer), SYSTEM, [LineFields()]),
        )
        customer.refresh_from_db()
        assert (customer.notes, customer.company) == (f"note {number}", f"firm {number}")
        assert customer.order_count == number + 1
    versions = Event.objects.order_by("id").values_list("version", flat=True)
    assert list(versions) == list(range(1, 77))


def test_parallel_creates_with_one_email_succeed_once():
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
    ("change", "kind", "changed_field"),
    [(update_tag, Tag, "tags"), (update_zone, DeliveryZone, "addresses")],
    ids=["tag", "zone"],
)
def test_parallel_renames_and_customer_changes_succeed(change, kind, changed_field):
    store = StoreFactory()
    zone = create_zone(store, "Harbour")
    fields = {"store": store, "tags": ["regular"], "addresses": [AddressFields(delivery_zone=zone)]}
    customers = [CustomerFactory(**fields) for _ in range(6)]

    def rename(number: int) -> Work:
        return lambda: change(kind.objects.filter(store=store), SYSTEM, {"name": f"No {number}"})

    def note(number: int) -> Work:
        target = Customer.objects.filter(pk=customers[number % 6].pk)
        return lambda: update_customer(target, SYSTEM, {"notes": f"seen {number}"})

    works = [work for number in range(60) for work in (rename(number), note(number), note(-number))]
    in_threads(6, works)
    changed = Event.objects.filter(customer_uid=customers[0].uid, changed=[changed_field])
    assert changed.count() == 60


def test_parallel_tag_rename_and_assignment_succeed():
    store = StoreFactory()
    customers = [CustomerFactory(store=store, tags=["regular"]) for _ in range(6)]
    tag = Tag.objects.get(store=store)

    def rename(number: int) -> Work:
        target = Tag.objects.filter(store=store, uid=tag.uid)
        return lambda: update_tag(target, SYSTEM, {"name": f"No {number}"})

    def assign(number: int) -> Work:
        uids = [tag.uid] if number % 2 else []
        return lambda: update_customer(
            as_queryset(customers[number % 6]), SYSTEM, {"tag_uids": uids}
        )

    def create(number: int) -> Work:
        return lambda: create_customer(store, SYSTEM, {"name": "New", "tag_uids": [tag.uid]})

    kinds = (rename, assign, create, assign)
    results = in_threads(8, [kind(number) for number in range(40) for kind in kinds])
    assert not [result for result in results if isinstance(result, DomainError)]
    assert CustomerTag.objects.filter(tag=tag, customer__name="New").count() == 40


def test_tag_deleted_during_assignment_leaves_no_rows():
    store = StoreFactory()
    customers = [CustomerFactory(store=store) for _ in range(6)]
    for number in range(15):
        tag = create_tag(store, f"No {number}")
        gone = Tag.objects.filter(store=store, uid=tag.uid)
        works = [
            partial(update_customer, as_queryset(customer), SYSTEM, {"tag_uids": [tag.uid]})
            for customer in customers
        ]
        run_together(partial(delete_tag, gone, SYSTEM), *works)
    assert not Tag.objects.exists()
    assert not CustomerTag.objects.exists()


def in_zone(zone: DeliveryZone) -> dict[str, Any]:
    return {"line1": "1 Quay", "delivery_zone_uid": zone.uid}


@pytest.mark.parametrize("inside", [0, 3])
def test_zone_deleted_during_assignment_leaves_no_rows(inside):
    store = StoreFactory()
    customers = [CustomerFactory(store=store) for _ in range(6)]
    for number in range(10):
        zone = create_zone(store, f"No {number}")
        for customer in customers[:inside]:
            add_address(as_queryset(customer), SYSTEM, in_zone(zone))
        run_together(
            partial(delete_zone, zone.as_queryset(), SYSTEM),
            *(partial(add_address, as_queryset(c), SYSTEM, in_zone(zone)) for c in customers),
            partial(
                create_customer, store, SYSTEM, {"addresses": [AddressFields(delivery_zone=zone)]}
            ),
        )
    assert not DeliveryZone.objects.exists()


@pytest.mark.parametrize("inside", [0, 3])
def test_depot_deleted_during_assignment_leaves_no_rows(inside):
    store = StoreFactory()
    customers = [CustomerFactory(store=store) for _ in range(6)]
    for number in range(10):
        depot = Depot.objects.create(store=store, name=f"No {number}")
        fields = {"default_depot_id": depot.pk}
        for customer in customers[:inside]:
            update_customer(as_queryset(customer), SYSTEM, fields)
        run_together(
            partial(delete_depot, depot.as_queryset(), SYSTEM),
            *(partial(update_customer, as_queryset(c), SYSTEM, fields) for c in customers),
            partial(create_customer, store, SYSTEM, fields),
        )
    assert not Depot.objects.exists()
