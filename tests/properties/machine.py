"""Random operations on a store, each run by the services and by the reference model."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from customers.models import Customer, DeliveryZone, LedgerEntry, Tag
from customers.models.customer_queryset import CustomerQuerySet
from customers.models.ledger import Account
from customers.services.customers import create_customer, restore_customer, update_customer
from customers.services.delivery_zones import create_zone, update_zone
from customers.services.tags import create_tag, update_tag
from orders.models import Order
from orders.models.order import ON_ACCOUNT, OrderQuerySet, Status
from orders.services.accounts import post_entry
from orders.services.customers import delete_customer, delete_unused_customer
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.errors import DomainError, NotFound
from stores.models import Event
from tests.factories import AddressFields, LineFields, StoreFactory, parsed_fields
from tests.properties import plain

EMAILS = st.sampled_from(["", "ann@example.com", "ANN@Example.COM", "bob@example.com", "Zoë@x.de"])
PRICES = ["0", "0.01", "0.1", "0.2", "9.99", "10", "25.50", "50", "100"]
AMOUNTS = st.sampled_from(PRICES).map(Decimal)
LIMITS = st.sampled_from([None, Decimal(0), Decimal("25.50"), Decimal(100)])
FEW = st.integers(0, 3)


class BookMachine(RuleBasedStateMachine):
    """State machine whose bundles pair uids of real rows with the model's objects."""

    customers: Bundle = Bundle("customers")
    orders: Bundle = Bundle("orders")

    @initialize()
    def open_store(self) -> None:
        self.store = StoreFactory()
        self.plain = plain.Book()
        self.tag, self.zone = create_tag(self.store, "No 0"), create_zone(self.store, "No 0")

    def both(self, real: Callable[[], Any], twin: Callable[[], Any]) -> tuple[Any, Any] | None:
        """Run both, and return both results; None when both refuse for the same reason."""
        before = self.trace()
        done, no = attempt(real)
        wanted, plain_no = attempt(twin)
        assert no == plain_no
        if no is None:
            return done, wanted
        assert self.trace() == before
        return None

    def trace(self) -> list[Any]:
        """Return the rows that a refused operation must not change."""
        rows = Customer.objects.filter(store=self.store).order_by("pk")
        return [
            list(rows.values()),
            Event.objects.filter(store=self.store).count(),
            LedgerEntry.objects.filter(store=self.store).count(),
        ]

    def target(self, uid: Any) -> CustomerQuerySet:
        return Customer.objects.for_store(self.store).filter(uid=uid)

    def order_target(self, uid: Any) -> OrderQuerySet:
        return Order.objects.for_store(self.store).filter(uid=uid)

    # --- customers

    @rule(
        target=customers,
        email=EMAILS,
        may_charge=st.booleans(),
        limit=LIMITS,
        places=FEW,
        collects=st.booleans(),
    )
    def create(self, email, may_charge, limit, places, collects):
        fields = {
            "name": "Ann Other",
            "email": email,
            "is_account_enabled": may_charge,
            "credit_limit": limit,
            "is_loyalty_enabled": collects,
            "addresses": [AddressFields(delivery_zone=self.zone) for _ in range(places)],
            "tag_uids": [self.tag.uid],
        }
        twin = plain.Customer(email, may_charge, limit, places, collects)
        made = self.both(
            lambda: create_customer(self.store, SYSTEM, parsed_fields(fields)),
            lambda: self.plain.create(twin),
        )
        return multiple() if made is None else (made[0]["uid"], made[1])

    @rule(one=customers, email=EMAILS)
    def change_email(self, one, email):
        self.update(one, {"email": email}, email=email)

    @rule(one=customers, may_charge=st.booleans(), limit=LIMITS)
    def change_terms(self, one, may_charge, limit):
        fields = {"is_account_enabled": may_charge, "credit_limit": limit}
        self.update(one, fields, may_charge=may_charge, limit=limit)

    @rule(one=customers, fresh=FEW, default=FEW)
    def change_addresses(self, one, fresh, default):
        """Remove the first address, keep the others, add some and move the default."""
        places = self.target(one[0]).get().addresses.order_by("position")
        wanted: list[dict[str, Any]] = [{"uid": place.uid} for place in places[1:3]]
        wanted += [AddressFields() for _ in range(fresh)]
        for index, fields in enumerate(wanted):
            fields["is_default"] = index == default
        self.update(one, {"addresses": wanted}, addresses=len(wanted))

    def update(self, one, fields, **twin_changes):
        uid, twin = one
        self.both(
            lambda: update_customer(self.target(uid), SYSTEM, parsed_fields(fields)),
            lambda: self.plain.update(twin, **twin_changes),
        )

    @rule(one=customers, unused=st.booleans())
    def delete(self, one, unused):
        uid, twin = one
        service = delete_unused_customer if unused else delete_customer
        self.both(
            lambda: service(self.target(uid), SYSTEM),
            lambda: self.plain.delete(twin, unused=unused),
        )

    @rule(one=customers)
    def restore(self, one):
        uid, twin = one
        self.both(
            lambda: restore_customer(self.target(uid), SYSTEM), lambda: self.plain.restore(twin)
        )

    @rule(number=FEW)
    def rename_tag(self, number):
        update_tag(Tag.objects.filter(pk=self.tag.pk), SYSTEM, {"name": f"No {number}"})

    @rule(number=FEW)
    def rename_zone(self, number):
        update_zone(DeliveryZone.objects.filter(pk=self.zone.pk), SYSTEM, {"name": f"No {number}"})

    # --- accounts

    @rule(one=customers, account=st.sampled_from(Account), amount=AMOUNTS, settle=st.booleans())
    def post(self, one, account, amount, settle):
        uid, twin = one
        amount = -amount if settle else amount
        self.both(
            lambda: post_entry(self.target(uid), SYSTEM, account, amount),
            lambda: self.plain.post(twin, account.value, amount),
        )

    # --- orders

    @rule(
        target=orders,
        one=customers,
        price=AMOUNTS,
        count=st.integers(1, 3),
        on_account=st.booleans(),
    )
    def place(self, one, price, count, on_account):
        uid, twin = one
        items = [LineFields(quantity=count, unit_price=price)]
        placed = self.both(
            lambda: place_order(self.target(uid), SYSTEM, items, on_account=on_account),
            lambda: self.plain.place(twin, price * count, on_account=on_account),
        )
        return multiple() if placed is None else (placed[0]["uid"], placed[1], twin)

    @rule(one=orders, status=st.sampled_from(Status.values))
    def move(self, one, status):
        uid, twin, owner = one
        self.both(
            lambda: move_order(self.order_target(uid), SYSTEM, status),
            lambda: self.plain.move(owner, twin, status),
        )

    @rule(one=orders, amount=st.none() | AMOUNTS, by_account=st.booleans())
    def pay(self, one, amount, by_account):
        """Pay an order; an amount of None pays all that is due."""
        uid, twin, owner = one
        amount = twin.due if amount is None else amount
        method = ON_ACCOUNT if by_account else "card"
        self.both(
            lambda: pay_order(self.order_target(uid), SYSTEM, amount, method),
            lambda: self.plain.pay(owner, twin, amount, by_account=by_account),
        )

    @rule(one=orders, amount=st.none() | AMOUNTS)
    def refund(self, one, amount):
        uid, twin, owner = one
        self.both(
            lambda: refund_order(self.order_target(uid), SYSTEM, amount),
            lambda: self.plain.refund(owner, twin, amount),
        )


def attempt(operation: Callable[[], Any]) -> tuple[Any, str | None]:
    """Return the result of an operation, or the code of its refusal."""
    try:
        return operation(), None
    except plain.Refusal as no:
        return None, no.args[0]
    except NotFound:
        return None, "not_found"
    except DomainError as refusal:
        return None, refusal.code
