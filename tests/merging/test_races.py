"""Merges, and taking them apart, at the same time as other changes of both customers."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from threading import Event as Signal
from time import sleep
from typing import Any

import pytest
from django.db import transaction

from customers.merging.models import Merge
from customers.merging.services.merging import merge_customers
from customers.merging.services.unmerging import unmerge_customers
from customers.models import Address, Customer, Depot, Tag
from customers.models.ledger import Account
from customers.privacy.services.erasing import erase_customer
from customers.services.addresses.one_address import add_address, update_address
from customers.services.customers import (
    claim_login,
    create_customer,
    create_login_customer,
    restore_customer,
    update_customer,
)
from customers.services.delivery_zones import create_zone, delete_zone, update_zone
from customers.services.depots import delete_depot
from customers.services.tags import delete_tag, update_tag
from orders.models import Order
from orders.services.accounts import post_entry
from orders.services.customers import delete_customer
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from orders.services.withdrawing import delete_customer_with_orders
from stores.actors import SYSTEM
from stores.models import Store
from stores.webhooks.verifying import findings
from tests.factories import AddressFields, CustomerFactory, LineFields, StoreFactory, parsed_fields
from tests.orders.accounts import order_of
from tests.orders.conftest import every_difference
from tests.orders.test_races import as_queryset, attempt, run_together
from tests.properties.test_replay import Replica, Shop

APPS = [
    "stores",
    "customers",
    "orders",
    "customers.matching",
    "customers.merging",
    "customers.privacy",
    "customers.tasks",
]
pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, available_apps=APPS),
]
# One after the other, each way. Further turns have no order: `RACE_TURNS=20` in the environment makes them.
TURNS = int(os.environ.get("RACE_TURNS", "2"))
BLOCKED = 0.1  # seconds after which the other change waits for a lock


@dataclass
class Pair:
    """Two customers with orders, tags and zones in common and of their own. Bella is older than Anna."""

    has_money: bool = True
    store: Store = field(default_factory=StoreFactory)

    def __post_init__(self) -> None:
        self.zone = create_zone(self.store, "Harbour")
        self.depot = Depot.objects.create(store=self.store, name="North")
        self.bella = self.customer("bella", ["VIP", "Trade"], default_depot_id=self.depot.pk)
        self.anna = self.customer("anna", ["VIP"])
        self.clara = self.customer("clara", ["Trade"])
        self.address = Address.objects.get(store=self.store, customer=self.bella)
        claim_login(self.bella)
        if self.has_money:
            self.add_money()

    def add_money(self) -> None:
        self.order = order_of(self.bella, "40")
        order_of(self.anna, "10")
        paid = order_of(self.bella, "20")
        pay_order(paid.as_queryset(), SYSTEM, Decimal(20), "card")
        self.paid = paid
        post_entry(self.bella.as_queryset(), SYSTEM, Account.LOYALTY, Decimal(9))

    def customer(self, name: str, tags: list[str], **more: Any) -> Customer:
        created: Customer = CustomerFactory(
            store=self.store,
            name=name,
            email=self.email(name),
            is_account_enabled=True,
            is_loyalty_enabled=True,
            tags=tags,
            addresses=[AddressFields(delivery_zone=self.zone)],
            **more,
        )
        return created

    def email(self, name: str) -> str:
        return f"{name}{self.store.pk}@example.com"  # logins are unique over all stores

    def merge(self) -> Merge:
        return merge_customers(as_queryset(self.anna), as_queryset(self.bella), SYSTEM)

    def reverse(self) -> Merge:
        return merge_customers(as_queryset(self.bella), as_queryset(self.anna), SYSTEM)

    def unmerge(self) -> Merge:
        return unmerge_customers(Merge.objects.filter(store=self.store).standing(), SYSTEM)

    def tag(self, name: str) -> Any:
        return Tag.objects.filter(store=self.store, name=name)


Change = Callable[[Pair], Any]


def of(side: str, change: Callable[[Pair, Any], Any]) -> Change:
    return lambda pair: change(pair, as_queryset(getattr(pair, side)))


EITHER: dict[str, Callable[[Pair, Any], Any]] = {
    "place": lambda _, one: place_order(one, SYSTEM, [LineFields()], on_account=True),
    "charge": lambda _, one: post_entry(one, SYSTEM, Account.HOUSE, Decimal(7)),
    "settle": lambda _, one: post_entry(one, SYSTEM, Account.HOUSE, Decimal(-7)),
    "points": lambda _, one: post_entry(one, SYSTEM, Account.LOYALTY, Decimal(3)),
    "redeem": lambda _, one: post_entry(one, SYSTEM, Account.LOYALTY, Decimal(-3)),
    "address": lambda pair, one: add_address(one, SYSTEM, in_zone(pair)),
    "edit": lambda _, one: update_customer(one, SYSTEM, {"notes": "Rings"}),
    "if match": lambda _, one: update_customer(
        one, SYSTEM, {"notes": "Rings"}, versions=frozenset(one.values_list("version", flat=True))
    ),
    "tags": lambda _, one: update_customer(one, SYSTEM, {"tags": ["Late", "Trade"]}),
    "delete": lambda _, one: delete_customer(one, SYSTEM),
    "withdraw": lambda _, one: delete_customer_with_orders(one, SYSTEM),
    "restore": lambda _, one: restore_customer(one, SYSTEM),
    "erase": lambda _, one: erase_customer(one, SYSTEM),
}
OF_SURVIVORS = ("place", "settle", "redeem", "if match", "delete", "erase")
CHANGES: dict[str, Change] = {
    **{f"{name} bella": of("bella", do) for name, do in EITHER.items()},
    **{f"{name} anna": of("anna", do) for name, do in EITHER.items() if name in OF_SURVIVORS},
    "pay": lambda pair: pay_order(pair.order.as_queryset(), SYSTEM, Decimal(5), "card"),
    "refund": lambda pair: refund_order(pair.paid.as_queryset(), SYSTEM, Decimal(5)),
    "cancel": lambda pair: move_order(pair.order.as_queryset(), SYSTEM, "cancelled"),
    "edit address": lambda pair: update_address(
        pair.address.as_queryset(), SYSTEM, {"label": "Shed"}
    ),
    "rename common tag": lambda pair: update_tag(pair.tag("VIP"), SYSTEM, {"name": "Best"}),
    "rename own tag": lambda pair: update_tag(pair.tag("Trade"), SYSTEM, {"name": "Retail"}),
    "delete common tag": lambda pair: delete_tag(pair.tag("VIP"), SYSTEM),
    "delete own tag": lambda pair: delete_tag(pair.tag("Trade"), SYSTEM),
    "rename zone": lambda pair: update_zone(pair.zone.as_queryset(), SYSTEM, {"name": "Quay"}),
    "delete zone": lambda pair: delete_zone(pair.zone.as_queryset(), SYSTEM),
    "delete depot": lambda pair: delete_depot(pair.depot.as_queryset(), SYSTEM),
    "take e-mail": lambda pair: create_customer(
        pair.store, SYSTEM, parsed_fields({"name": "Tara", "email": pair.email("bella")})
    ),
    "take login": lambda pair: create_login_customer(
        pair.store, SYSTEM, parsed_fields({"name": "Tara", "email": pair.email("bella")})
    ),
    "take login elsewhere": lambda pair: create_login_customer(
        StoreFactory(), SYSTEM, parsed_fields({"name": "Tara", "email": pair.email("bella")})
    ),
    "merge": Pair.merge,
    "merge on": lambda pair: merge_customers(
        as_queryset(pair.clara), as_queryset(pair.anna), SYSTEM
    ),
    "merge another": lambda pair: merge_customers(
        as_queryset(pair.bella), as_queryset(pair.clara), SYSTEM
    ),
    "reverse": Pair.reverse,
    "unmerge": Pair.unmerge,
}


def in_zone(pair: Pair) -> Any:
    return {"line1": "1 Quay", "city": "Sydney", "delivery_zone_uid": pair.zone.uid}


def holding(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """Run the second change while the first has done its work but not committed. Return both results."""
    is_done = Signal()

    def hold() -> Any:
        with transaction.atomic():
            result = attempt(first)
            is_done.set()
            sleep(BLOCKED)
        return result

    def follow() -> Any:
        is_done.wait()
        return second()

    return run_together(hold, follow)


def assert_sound(pair: Pair) -> None:
    """Check ledger, outbox, feed, and that nothing is left with a merged customer."""
    customers = Customer.objects.filter(store=pair.store)
    assert [str(difference) for difference in every_difference()] == []
    assert list(findings()) == []
    for one in customers.exclude(merged_into=None):
        assert one.merged_into is not None
        assert one.merged_into.merged_into is None
        assert (one.account_balance, one.loyalty_balance) == (0, 0)
        assert not Order.objects.filter(customer=one).exists()
    if customers.exclude(withdrawn_at=None).exists():
        return  # an erased customer is deleted a second time
    shop, replica = Shop(pair.store), Replica()
    replica.follow(shop, limit=200)
    assert replica.customers == shop.listed_customers()


ENDINGS = ("delete", "withdraw", "erase")  # only of customers without money


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("is_merged", [False, True], ids=["merge", "unmerge"])
def test_change_at_the_same_time(is_merged: bool, name: str, settings: Any) -> None:
    settings.RATE_LIMIT = "1000000/hour"
    change = CHANGES[name]
    for turn in range(TURNS):
        pair = Pair(has_money=not name.startswith(ENDINGS))
        if is_merged:
            pair.merge()
        ours = partial(Pair.unmerge if is_merged else Pair.merge, pair)
        theirs = partial(change, pair)
        if turn == 0:
            holding(ours, theirs)
        elif turn == 1:
            holding(theirs, ours)
        else:
            run_together(ours, theirs)
        assert_sound(pair)
