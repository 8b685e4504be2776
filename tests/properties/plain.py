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
class Order:
    total: Decimal
    charged: Decimal = ZERO
    status: str = "pending"
    paid: Decimal = ZERO
    paid_by_account: Decimal = ZERO
    refunded: Decimal = ZERO

    @property
    def counts(self) -> bool:
        return self.status != "cancelled"


@dataclass(eq=False)
class Customer:
    email: str
    may_charge: bool
    limit: Decimal | None
    addresses: int
    is_live: bool = True
    house: list[Decimal] = field(default_factory=list)
    points: list[Decimal] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    @property
    def owed(self) -> Decimal:
        return sum(self.house, ZERO)

    @property
    def spent(self) -> Decimal:
        return sum((order.total - order.refunded for order in self.orders if order.counts), ZERO)

    @property
    def order_count(self) -> int:
        return sum(order.counts for order in self.orders)

    def charge(self, amount: Decimal) -> None:
        refuse(amount == 0, "zero")
        if amount > 0:
            refuse(not self.may_charge, "account_disabled")
            refuse(self.limit is not None and self.owed + amount > self.limit, "over_limit")
        self.house.append(amount)

    def grant(self, amount: Decimal) -> None:
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
        customer.is_live = False

    def restore(self, customer: Customer) -> None:
        self.free(customer.email, customer)
        customer.is_live = True

    def post(self, customer: Customer, account: str, amount: Decimal) -> None:
        refuse(not customer.is_live, "not_found")
        if account == "house":
            customer.charge(amount)
        else:
            customer.grant(amount)

    # --- orders

    def place(self, customer: Customer, total: Decimal, *, on_account: bool) -> Order:
        refuse(not customer.is_live, "not_found")
        order = Order(total, charged=total if on_account else ZERO)
        if on_account and total:
            customer.charge(total)
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
        owed = order.charged + order.paid_by_account
        if owed:
            customer.charge(-owed)
        order.refunded += order.paid_by_account
        order.charged = order.paid_by_account = ZERO

    def pay(self, customer: Customer, order: Order, amount: Decimal, *, by_account: bool) -> None:
        refuse(amount <= 0, "positive")
        refuse(not order.counts, "order_cancelled")
        refuse(amount > order.total - order.paid, "over_paid")
        if order.charged:
            if not by_account:
                customer.charge(-amount)
            order.charged -= amount
        elif by_account:
            customer.charge(amount)
        order.paid += amount
        if by_account:
            order.paid_by_account += amount

    def refund(self, customer: Customer, order: Order, amount: Decimal | None) -> None:
        left = order.paid - order.refunded
        refuse(amount is not None and amount <= 0, "positive")
        refuse(not left, "nothing_to_refund")
        amount = left if amount is None else amount
        refuse(amount > left, "over_refunded")
        to_account = min(amount, order.paid_by_account)
        if to_account:
            customer.charge(-to_account)
        order.paid_by_account -= to_account
        order.refunded += amount
