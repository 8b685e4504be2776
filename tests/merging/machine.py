"""Random histories of a few customers who are merged and taken apart in any order."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from customers.merging.models import Merge
from customers.merging.services.merging import merge_customers
from customers.merging.services.previews import preview_merge
from customers.models import Charge, Contact, Customer
from customers.models.customer_queryset import CustomerQuerySet
from customers.models.ledger import Account
from customers.services.addresses.one_address import add_address, remove_address
from customers.services.consent import record_consent
from customers.services.contacts import add_contact, remove_contact
from customers.services.customers import claim_login, restore_customer, update_customer
from orders.models import Order
from orders.models.order import ON_ACCOUNT, OrderQuerySet
from orders.services.accounts import post_entry
from orders.services.crediting import NewCreditNote, credit_order
from orders.services.customers import delete_customer
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from orders.services.voiding import Void, void_entry, void_payment
from orders.verification.allocations import allocation_differences
from orders.verification.balances import differences
from orders.verification.days import day_differences
from orders.verification.statements import statement_differences
from stores.errors import DomainError
from stores.models import Event
from tests.factories import AddressFields, CustomerFactory, LineFields, StoreFactory, parsed_fields
from tests.merging.book import CLERK, children_of, entries, full_row, open_charges, sums, unmerge

PROOFS = (differences, allocation_differences, statement_differences, day_differences)
ZERO = Decimal(0)
NAMES = ("Ada", "Bob", "Cyd", "Dan")
AMOUNTS = st.sampled_from(["0.01", "10", "25.50", "40"]).map(Decimal)
DAYS = st.sampled_from([None, datetime.date(2026, 1, 5), datetime.date(2026, 3, 1)])
SIDES = st.lists(st.sampled_from(["survivor", "loser"]), min_size=8, max_size=8)
CHOSEN_FREELY = ("name", "email", "phone")
TAGS = st.lists(st.sampled_from(["VIP", "Trade", "Late"]), unique=True)
STREETS = st.sampled_from(["1 King Street", "1 KING STREET", "9 Queen Street"])
FIELDS = st.sampled_from(
    [
        {"company": "Baker Ltd"},
        {"notes": "Rings twice."},
        {"payment_terms": "net_30"},
        {"phone": "03 5550 1468"},
        {"phone": None},
        {"tax_id": "51 824 753 556"},
        {"is_blacklisted": True, "blacklist_reason": "Fraud"},
        {"marketing_opt_in": True},
        {"marketing_opt_in": False},
        {"credit_limit": Decimal(100)},
        {"is_loyalty_enabled": True},
    ]
)


def accepted(operation: Callable[[], Any]) -> Any:
    """Return the result of an operation, or None when a service refuses it."""
    try:
        return operation()
    except DomainError:
        return None


def less(ages: Counter[Any], ahead: Decimal, debts: list[Any]) -> Counter[Any]:
    """Return the ages after money paid ahead has paid these debts, those due first at first."""
    rest = Counter(ages)
    for due_on, amount, _ in debts:
        paid = min(amount, ahead)
        rest[due_on] -= paid
        ahead -= paid
    return +rest


class MergeMachine(RuleBasedStateMachine):
    """Each operation names customers by the id that they had first, whether they are merged by now or not.

    `own` is what each of them would owe if nobody had ever been merged: an order's operations count for the one
    who placed it, postings for the one who was there then.
    """

    orders: Bundle = Bundle("orders")
    payments: Bundle = Bundle("payments")
    settlements: Bundle = Bundle("settlements")

    @initialize(terms=st.lists(st.booleans(), min_size=4, max_size=4))
    def open_store(self, terms):
        self.store = StoreFactory()
        self.customers = [
            CustomerFactory(
                store=self.store,
                name=name,
                email=f"{name.lower()}@example.com",
                is_account_enabled=True,
                is_loyalty_enabled=not is_plain,
                addresses=[] if is_plain else [AddressFields(line1="1 King Street")],
                tags=["VIP"] if is_plain else [],
                contacts=[] if is_plain else [{"name": name, "is_primary": True}],
                marketing_opt_in=not is_plain,
            )
            for name, is_plain in zip(NAMES, terms, strict=True)
        ]
        claim_login(self.customers[0])
        self.own = dict.fromkeys([one.pk for one in self.customers], ZERO)
        self.placed: dict[int, int] = {}  # the key of the customer by that of the order

    def target(self, number: int) -> CustomerQuerySet:
        return self.customers[number % len(NAMES)].as_queryset()

    def survivor(self, number: int) -> CustomerQuerySet:
        """Return the one that acts for this customer now."""
        [(pk, into)] = self.target(number).values_list("pk", "merged_into")
        return Customer.objects.filter(store=self.store, pk=into or pk)

    def order(self, key: int) -> OrderQuerySet:
        return Order.objects.filter(store=self.store, pk=key)

    def owed(self) -> Decimal:
        rows = Customer.objects.filter(store=self.store)
        return sum(rows.values_list("account_balance", flat=True), ZERO)

    def counted(self, owner: int, operation: Callable[[], Any]) -> Any:
        """Run an operation, and count what it changed of the balances for this customer."""
        before = self.owed()
        result = accepted(operation)
        self.own[owner] += self.owed() - before
        return result

    def of_order(self, order: int, operation: Callable[[], Any]) -> Any:
        return self.counted(self.placed[order], operation)

    def of_customer(self, one: int, operation: Callable[[], Any]) -> Any:
        return self.counted(self.survivor(one).get().pk, operation)

    # --- orders

    @rule(target=orders, one=st.integers(0, 3), price=AMOUNTS, on_account=st.booleans())
    def place(self, one, price, on_account):
        lines = [LineFields(quantity=2, unit_price=price)]
        row = self.of_customer(
            one, lambda: place_order(self.target(one), CLERK, lines, on_account=on_account)
        )
        if row is None:
            return multiple()
        self.placed[row["id"]] = self.survivor(one).get().pk
        return row["id"]

    @rule(order=orders, amount=AMOUNTS)
    def put_on_account(self, order, amount):
        self.of_order(order, lambda: pay_order(self.order(order), CLERK, amount, ON_ACCOUNT))

    @rule(target=payments, order=orders, amount=AMOUNTS, pays_all=st.booleans())
    def pay(self, order, amount, pays_all):
        amount = self.order(order).get().due_amount if pays_all else amount
        row = self.of_order(order, lambda: pay_order(self.order(order), CLERK, amount, "cash"))
        return multiple() if row is None else (order, row["payments"][-1]["uid"])

    @rule(payment=consumes(payments))
    def void(self, payment):
        order, uid = payment
        self.of_order(order, lambda: void_payment(self.order(order), CLERK, uid, Void("bounced")))

    @rule(order=orders, amount=AMOUNTS)
    def refund(self, order, amount):
        self.of_order(order, lambda: refund_order(self.order(order), CLERK, amount))

    @rule(order=orders, amount=st.none() | AMOUNTS, keeps=st.booleans())
    def credit(self, order, amount, keeps):
        note = NewCreditNote(amount, keeps_credit=keeps)
        self.of_order(order, lambda: credit_order(self.order(order), CLERK, note))

    @rule(order=orders)
    def cancel(self, order):
        self.of_order(order, lambda: move_order(self.order(order), CLERK, "cancelled"))

    # --- accounts

    @rule(one=st.integers(0, 3), amount=AMOUNTS, due_on=DAYS)
    def charge(self, one, amount, due_on):
        house = Account.HOUSE
        self.of_customer(
            one, lambda: post_entry(self.target(one), CLERK, house, amount, due_on=due_on)
        )

    @rule(target=settlements, one=st.integers(0, 3), amount=AMOUNTS)
    def settle(self, one, amount):
        entry = self.of_customer(
            one, lambda: post_entry(self.target(one), CLERK, Account.HOUSE, -amount)
        )
        return multiple() if entry is None else (one, entry.uid)

    @rule(order=orders, amount=AMOUNTS)
    def settle_order(self, order, amount):
        """Pay an order by a posting of its customer that names it."""
        row = self.order(order).get()
        target = Customer.objects.filter(store=self.store, pk=row.customer_id)
        self.of_order(
            order,
            lambda: post_entry(target, CLERK, Account.HOUSE, -amount, order_uid=row.uid),
        )

    @rule(settlement=consumes(settlements))
    def void_settlement(self, settlement):
        one, uid = settlement
        self.of_customer(one, lambda: void_entry(self.survivor(one), CLERK, uid, Void("bounced")))

    @rule(one=st.integers(0, 3), amount=AMOUNTS, redeems=st.booleans(), order=st.none() | orders)
    def post_points(self, one, amount, redeems, order):
        uid = self.order(order).get().uid if order else None
        amount = -amount if redeems else amount
        accepted(
            lambda: post_entry(self.target(one), CLERK, Account.LOYALTY, amount, order_uid=uid)
        )

    # --- edits

    @rule(one=st.integers(0, 3), fields=FIELDS)
    def edit(self, one, fields):
        accepted(lambda: update_customer(self.survivor(one), CLERK, parsed_fields(fields)))

    @rule(one=st.integers(0, 3), tags=TAGS)
    def set_tags(self, one, tags):
        accepted(lambda: update_customer(self.survivor(one), CLERK, {"tags": tags}))

    @rule(one=st.integers(0, 3), line=STREETS, is_billing=st.booleans())
    def set_address(self, one, line, is_billing):
        fields = AddressFields(line1=line)
        if is_billing:
            change: Any = {"billing_address": fields}
            accepted(lambda: update_customer(self.survivor(one), CLERK, change))
        else:
            accepted(lambda: add_address(self.target(one), CLERK, fields))

    @rule(one=st.integers(0, 3))
    def drop_children(self, one):
        """Remove the newest address and the newest contact."""
        customer = self.survivor(one).get()
        if address := customer.addresses.order_by("pk").last():
            accepted(lambda: remove_address(address.as_queryset(), CLERK))
        contacts = Contact.objects.filter(store=self.store, customer=customer)
        if contact := contacts.order_by("pk").last():
            accepted(lambda: remove_contact(self.survivor(one).live(), CLERK, contact.uid))

    @rule(one=st.integers(0, 3), is_primary=st.booleans())
    def add_contact(self, one, is_primary):
        fields = {"name": "Eve", "is_primary": is_primary}
        accepted(lambda: add_contact(self.survivor(one).live(), CLERK, fields))

    @rule(one=st.integers(0, 3), state=st.sampled_from(["yes", "no"]))
    def consent(self, one, state):
        accepted(lambda: record_consent(self.survivor(one), CLERK, {"state": state}))

    @rule(one=st.integers(0, 3))
    def delete(self, one):
        accepted(lambda: delete_customer(self.survivor(one), CLERK))

    @rule(one=st.integers(0, 3))
    def restore(self, one):
        accepted(lambda: restore_customer(self.target(one), CLERK))

    # --- merges

    def picture(self) -> list[Any]:
        """Return what taking a merge apart at once restores."""
        return [(full_row(one), children_of(one), open_charges(one)) for one in self.customers]

    def choices(self, one: int, other: int, sides: list[str]) -> dict[str, str] | None:
        """Return a choice for each field that needs one, and for some that do not."""
        preview = accepted(lambda: preview_merge(self.target(one), self.target(other)))
        names = (*preview.undecided, *CHOSEN_FREELY) if preview else ()
        return dict(zip(names, sides * 2, strict=False)) if preview else None

    def merge(self, one: int, other: int, sides: list[str]) -> Merge | None:
        """Merge two customers, and check what a merge must not change."""
        before, ledger, ages = sums(self.store), entries(self.store), self.ages()
        pair = Customer.objects.filter(
            store=self.store, pk__in=[self.customers[one].pk, self.customers[other].pk]
        )
        ahead = sum((max(-side.account_balance, ZERO) for side in pair), ZERO)
        debts = sorted(debt for side in pair for debt in open_charges(side))
        choices = self.choices(one, other, sides)
        if choices is None:
            return None
        merged: Merge = merge_customers(self.target(one), self.target(other), CLERK, choices)
        assert sums(self.store) == before
        assert entries(self.store)[: len(ledger)] == ledger
        assert self.ages() == less(ages, ahead, debts)
        return merged

    def ages(self) -> Counter[Any]:
        """Return what is open in the whole store by its due day."""
        found = Counter[Any]()
        for due_on, amount in Charge.objects.filter(store=self.store).values_list(
            "due_on", "open_amount"
        ):
            found[due_on] += amount
        return +found

    @rule(one=st.integers(0, 3), other=st.integers(0, 3), sides=SIDES)
    def merge_two(self, one, other, sides):
        self.merge(one, other, sides)

    @rule(one=st.integers(0, 3), other=st.integers(0, 3), sides=SIDES)
    def merge_and_take_apart(self, one, other, sides):
        """When nothing happened between, both are as before."""
        before = self.picture()
        if merged := self.merge(one, other, sides):
            unmerge(merged)
            report = Merge.objects.get(pk=merged.pk).undo_report
            assert (report["changed"], report["gone"]) == ([], [])
            assert self.picture() == before

    @rule(number=st.integers(0, 5))
    def take_apart(self, number):
        standing = Merge.objects.filter(store=self.store).standing().order_by("pk")
        if not standing:
            return
        merged = standing[number % len(standing)]
        before, ledger = sums(self.store), entries(self.store)
        refunded = Order.objects.filter(customer=merged.survivor, refunded_amount__gt=0)
        is_exact = not refunded.exists()
        if accepted(lambda: unmerge(merged)):
            assert sums(self.store) == before
            if not is_exact:  # money that paid an order which was refunded since stays with it
                self.count_anew(merged)
        assert entries(self.store)[: len(ledger)] == ledger

    def count_anew(self, merged: Merge) -> None:
        for pk in (merged.survivor_id, merged.loser_id):
            [balance] = Customer.objects.filter(pk=pk).values_list("account_balance", flat=True)
            group = Customer.objects.filter(store=self.store, merged_into=pk)
            members = group.values_list("pk", flat=True)
            self.own[pk] = balance - sum((self.own[member] for member in members), ZERO)

    # --- what must hold

    @invariant()
    def book_agrees_with_itself(self):
        for find in PROOFS:
            assert [str(found) for found in find(self.store)] == []

    @invariant()
    def versions_have_no_gaps(self):
        for one in Customer.objects.filter(store=self.store):
            events = Event.objects.filter(store=self.store, customer_uid=one.uid).order_by("id")
            versions = list(events.values_list("version", flat=True))
            assert versions == list(range(1, one.version + 1))

    @invariant()
    def each_owes_what_it_would_have_owed(self):
        owed = Counter[int]()
        for one in Customer.objects.filter(store=self.store):
            assert one.merged_into is None or one.merged_into.merged_into_id is None
            owed[one.merged_into_id or one.pk] += self.own[one.pk]
        for one in Customer.objects.filter(store=self.store):
            assert one.account_balance == owed[one.pk]
            if one.merged_into_id:
                assert (one.loyalty_balance, one.orders_ever) == (0, 0)
