"""After any operations the database agrees with the reference model and with itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from customers.models import Address, Customer, LedgerEntry
from customers.money import round_half_up
from orders.models import Order
from orders.verification.allocations import allocation_differences
from orders.verification.balances import differences
from orders.verification.days import day_differences
from stores.models import Event
from tests.properties import plain
from tests.properties.machine import BookMachine

BOUNDED = settings(
    max_examples=20,
    stateful_step_count=30,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


class CheckedBook(BookMachine):
    """State machine that checks all invariants after each step."""

    def rows(self) -> Iterator[tuple[Customer, plain.Customer]]:
        """Yield customers with the model's objects, in order of creation."""
        rows = Customer.objects.filter(store=self.store).order_by("pk")
        return zip(rows, self.plain.customers, strict=True)

    @invariant()
    def customers_match_the_model(self):
        for row, twin in self.rows():
            assert (row.email, row.deleted_at is None) == (twin.email, twin.is_live)

    @invariant()
    def balances_match_the_model_and_entries(self):
        entries = LedgerEntry.objects.filter(store=self.store).order_by()
        sums: dict[Any, Decimal] = defaultdict(Decimal)
        for row in entries.values("customer", "account").annotate(sum=Sum("amount")):
            sums[row["customer"], row["account"]] = round_half_up(row["sum"], 2)
        for row, twin in self.rows():
            assert row.account_balance == sums[row.pk, "house"] == twin.owed
            assert row.loyalty_balance == sums[row.pk, "loyalty"] == sum(twin.points)

    @invariant()
    def entries_hold_running_balances(self):
        running: dict[Any, Decimal] = defaultdict(Decimal)
        for entry in LedgerEntry.objects.filter(store=self.store).order_by("pk"):
            running[entry.customer_id, entry.account] += entry.amount
            assert entry.balance_after == running[entry.customer_id, entry.account]

    @invariant()
    def statistics_match_the_model_and_orders(self):
        for row, twin in self.rows():
            seen = (row.order_count, row.orders_ever, row.total_spent)
            assert seen == (twin.order_count, len(twin.orders), twin.spent)
        assert not list(differences(self.store))
        assert not list(day_differences(self.store))

    @invariant()
    def allocations_match_the_ledger(self):
        assert [str(found) for found in allocation_differences(self.store)] == []

    @invariant()
    def orders_match_the_model(self):
        held: dict[int, list[Order]] = defaultdict(list)
        for order in Order.objects.filter(store=self.store).order_by("pk"):
            held[order.customer_id].append(order)
        for row, owner in self.rows():
            assert [amounts(order) for order in held[row.pk]] == [
                (
                    twin.status,
                    twin.total,
                    twin.paid,
                    twin.refunded,
                    twin.charged,
                )
                for twin in owner.orders
            ]

    @invariant()
    def order_numbers_have_no_gaps(self):
        numbers = Order.objects.filter(store=self.store).values_list("sequence", flat=True)
        assert sorted(numbers) == list(range(1, len(numbers) + 1))

    @invariant()
    def versions_have_no_gaps(self):
        told: dict[Any, list[int]] = defaultdict(list)
        for event in Event.objects.filter(store=self.store).order_by("pk"):
            told[event.customer_uid].append(event.version)
        for row, _ in self.rows():
            assert told[row.uid] == list(range(1, row.version + 1))

    @invariant()
    def no_two_live_customers_share_an_email(self):
        live = Customer.objects.filter(store=self.store).live().exclude(email_key="")
        keys = list(live.values_list("email_key", flat=True))
        assert len(keys) == len(set(keys))

    @invariant()
    def customers_have_one_default_address(self):
        held: dict[int, list[bool]] = defaultdict(list)
        for address in Address.objects.filter(store=self.store):
            held[address.customer_id].append(address.is_default)
        for row, twin in self.rows():
            assert len(held[row.pk]) == twin.addresses
            assert sum(held[row.pk]) == min(twin.addresses, 1)


def amounts(order: Order) -> tuple[Any, ...]:
    return (
        order.status,
        order.total,
        order.paid_amount,
        order.refunded_amount,
        order.charged_amount,
    )


def test_services_agree_with_a_reference_model(db):
    run_state_machine_as_test(CheckedBook, settings=BOUNDED)
