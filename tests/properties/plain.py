"""Reference model in plain Python, which the state machine compares with the services."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)
STEPS = ["pending", "confirmed", "processing", "shipped", "delivered"]


class Refusal(Exception):
    """Refusal of the reference model; `args[0]` is its code."""


def refuse(condition: object, code: str) -> None:
    if condition:
        raise Refusal(code)


@dataclass(eq=False)
class Charge:
    """Something that is owed on an account; `due` is in days from now."""

    open: Decimal
    due: int
    order: Order | None = None


@dataclass(eq=False)
class Credit:
    """Something that was paid on an account, and what it pays."""

    open: Decimal
    order: Order | None = None
    pays: list[tuple[Charge, Decimal]] = field(default_factory=list)


@dataclass(eq=False)
class Order:
    total: Decimal
    status: str = "pending"
    paid: Decimal = ZERO
    refunded: Decimal = ZERO
    charge: Charge | None = None

    @property
    def counts(self) -> bool:
        return self.status != "cancelled"

    @property
    def charged(self) -> Decimal:
        return self.charge.open if self.charge else ZERO

    @property
    def due(self) -> Decimal:
        return self.total - self.paid


@dataclass(eq=False)
class Customer:
    email: str
    may_charge: bool
    limit: Decimal | None
    addresses: int
    collects: bool
    is_live: bool = True
    house: list[Decimal] = field(default_factory=list)
    points: list[Decimal] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)

    @property
    def owed(self) -> Decimal:
        return sum(self.house, ZERO)

    @property
    def spent(self) -> Decimal:
        return sum((order.total - order.refunded for order in self.orders if order.counts), ZERO)

    @property
    def order_count(self) -> int:
        return sum(order.counts for order in self.orders)

    @property
    def is_settled(self) -> bool:
        waiting = (order for order in self.orders if not order.counts)
        return self.owed == 0 and all(order.paid == order.refunded for order in waiting)

    def post(self, amount: Decimal, order: Order | None = None) -> None:
        refuse(amount == 0, "zero")
        if amount < 0:
            self.house.append(amount)
            self.credits.append(Credit(-amount, order))
            if order and order.charge:
                self.pay(self.credits[-1], order.charge)
        else:
            refuse(not self.may_charge, "account_disabled")
            refuse(self.limit is not None and self.owed + amount > self.limit, "over_limit")
            self.house.append(amount)
            self.charge(amount, order)
        self.settle()

    def charge(self, amount: Decimal, order: Order | None) -> None:
        if order and order.charge:
            order.charge.open += amount
            return
        self.charges.append(Charge(amount, 30 if order else 0, order))
        if order:
            order.charge = self.charges[-1]

    def settle(self) -> None:
        """Let open credits pay open charges, those due first at first."""
        for charge in sorted(self.charges, key=lambda charge: charge.due):
            for credit in self.credits:
                self.pay(credit, charge)

    def pay(self, credit: Credit, charge: Charge, amount: Decimal | None = None) -> None:
        amount = min(credit.open, charge.open) if amount is None else amount
        credit.open -= amount
        charge.open -= amount
        credit.pays.append((charge, amount))
        if charge.order and charge.order.counts:
            charge.order.paid += amount

    def grant(self, amount: Decimal) -> None:
        refuse(amount > 0 and not self.collects, "loyalty_disabled")
        refuse(amount == 0, "zero")
        refuse(sum(self.points, ZERO) + amount < 0, "too_few_points")
        self.points.append(amount)


class Book:
    def __init__(self) -> None:
        self.customers: list[Customer] = []

    # --- customers

    def free(self, email: str, owner: Customer | None = None) -> None:
        others = [one for one in self.customers if one.is_live and one is not owner]
        refuse(email and any(one.email.lower() == email.lower() for one in others), "email_taken")

    def create(self, customer: Customer) -> Customer:
        self.free(customer.email)
        self.customers.append(customer)
        return customer

    def update(self, customer: Customer, **changes: object) -> None:
        refuse(not customer.is_live, "not_found")
        if "email" in changes:
            self.free(str(changes["email"]), customer)
        for name, value in changes.items():
            setattr(customer, name, value)

    def delete(self, customer: Customer, *, unused: bool) -> None:
        refuse(not customer.is_live, "not_found")
        refuse(unused and customer.orders, "has_orders")
        refuse(not customer.is_settled, "not_settled")
        customer.is_live = False

    def restore(self, customer: Customer) -> None:
        self.free(customer.email, customer)
        customer.is_live = True

    def post(self, customer: Customer, account: str, amount: Decimal) -> None:
        settles = account == "house" and (amount < 0 or amount <= -customer.owed)
        refuse(not customer.is_live and not settles, "not_found")
        if account == "house":
            customer.post(amount)
        else:
            customer.grant(amount)

    # --- orders

    def place(self, customer: Customer, total: Decimal, *, on_account: bool) -> Order:
        refuse(not customer.is_live, "not_found")
        order = Order(total)
        if on_account and total:
            customer.post(total, order)
        customer.orders.append(order)
        return order

    def move(self, customer: Customer, order: Order, status: str) -> None:
        if status == order.status:
            return
        at = STEPS.index(order.status) if order.counts else len(STEPS)
        allowed = [*STEPS[at + 1 : at + 2], *(["cancelled"] if at < 3 else [])]
        refuse(status not in allowed, "illegal_move")
        order.status = status
        if status == "cancelled":
            self.take_back(customer, order)

    def take_back(self, customer: Customer, order: Order) -> None:
        """Credit what is not paid, and release what payments without an order paid."""
        if order.charge is None:
            return
        most = order.paid - order.refunded
        for credit in reversed(customer.credits):
            if credit.order is not order:
                amount = min(most, sum((a for c, a in credit.pays if c is order.charge), ZERO))
                order.paid -= amount
                most -= amount
                customer.pay(credit, order.charge, -amount)
        if order.charge.open:
            customer.post(-order.charge.open, order)
        customer.settle()

    def pay(self, customer: Customer, order: Order, amount: Decimal, *, by_account: bool) -> None:
        refuse(amount <= 0, "positive")
        refuse(not order.counts, "order_cancelled")
        refuse(amount > order.due, "over_paid")
        beside = min(amount, order.due - order.charged)
        if by_account:
            if beside:
                customer.post(beside, order)
            return
        order.paid += beside
        if amount > beside:
            customer.post(beside - amount, order)

    def refund(self, customer: Customer, order: Order, amount: Decimal | None) -> None:
        left = order.paid - order.refunded
        refuse(amount is not None and amount <= 0, "positive")
        refuse(not left, "nothing_to_refund")
        amount = left if amount is None else amount
        refuse(amount > left, "over_refunded")
        order.refunded += amount
