"""Plain double-entry bookkeeping of one store: what each operation debits and credits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

ZERO = Decimal(0)
CASH, REVENUE, OTHERS, LOSSES = "cash", "revenue", "others", "losses"


@dataclass(eq=False)
class Customer:
    enabled: bool = True
    limit: Decimal | None = None
    hold: str = ""
    live: bool = True


@dataclass(eq=False)
class Order:
    owner: Customer
    total: Decimal
    cancelled: bool = False
    refunded: Decimal = ZERO
    credited: Decimal = ZERO
    payments: dict[UUID, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """What each payment paid beside the account, and on it."""

    @property
    def named(self) -> Decimal:
        return sum((beside + on for beside, on in self.payments.values()), ZERO)


class Journal:
    """Balances of accounts; a debit is positive. Each posting adds up to zero."""

    def __init__(self) -> None:
        self.balances: dict[Any, Decimal] = defaultdict(Decimal)

    def post(self, *moves: tuple[Any, Decimal]) -> None:
        assert sum(amount for _, amount in moves) == 0
        for account, amount in moves:
            self.balances[account] += amount

    # What a customer owes on the account; what is due of an order beside it; what a cancelled order gives back.

    def owed(self, customer: Customer) -> Decimal:
        return self.balances["receivable", customer]

    def due(self, order: Order) -> Decimal:
        return self.balances["due", order]

    def to_give_back(self, order: Order) -> Decimal:
        return -self.balances["to give back", order]

    def may_charge(self, customer: Customer, amount: Decimal, *, override: bool = False) -> bool:
        after = self.owed(customer) + amount
        is_held = customer.hold and not override and after > 0
        return (
            not is_held and customer.enabled and (customer.limit is None or after <= customer.limit)
        )

    # --- orders

    def place(self, order: Order, *, on_account: bool) -> None:
        account = ("receivable", order.owner) if on_account else ("due", order)
        self.post((account, order.total), ((REVENUE, order.owner), -order.total))

    def put_on_account(self, order: Order, amount: Decimal) -> None:
        amount = min(amount, self.due(order))
        self.post((("receivable", order.owner), amount), (("due", order), -amount))

    def pay(self, order: Order, uid: UUID, amount: Decimal) -> None:
        beside = min(amount, self.due(order))
        on_account = amount - beside
        order.payments[uid] = beside, on_account
        self.post(
            (CASH, amount), (("due", order), -beside), (("receivable", order.owner), -on_account)
        )

    def refund(self, order: Order, amount: Decimal) -> None:
        source = ("to give back", order) if order.cancelled else (REVENUE, order.owner)
        order.refunded += amount
        self.post((source, amount), (CASH, -amount))

    def credit(self, order: Order, amount: Decimal, due: Decimal, *, keeps: bool) -> None:
        """What is due falls first, beside the account before on it; the rest goes back, or stays as credit."""
        owed = min(amount, due)
        beside = min(owed, self.due(order))
        rest = amount - owed
        order.credited, order.refunded = order.credited + owed, order.refunded + rest
        kept = rest if keeps else ZERO
        self.post(
            ((REVENUE, order.owner), amount),
            (("due", order), -beside),
            (("receivable", order.owner), beside - owed - kept),
            (CASH, kept - rest),
        )

    def cancel(self, order: Order) -> None:
        """Only what the order's own payments paid is given back later; all else comes off the account."""
        net = order.total - order.refunded - order.credited
        beside, back = self.due(order), max(order.named - order.refunded, ZERO)
        order.cancelled = True
        self.post(
            ((REVENUE, order.owner), net),
            (("due", order), -beside),
            (("to give back", order), -back),
            (("receivable", order.owner), beside + back - net),
        )

    def void(self, order: Order, uid: UUID) -> None:
        beside, on_account = order.payments.pop(uid)
        if order.cancelled:
            self.post((("to give back", order), beside + on_account), (CASH, -beside - on_account))
        else:
            self.post(
                (("due", order), beside),
                (("receivable", order.owner), on_account),
                (CASH, -beside - on_account),
            )

    # --- accounts

    def settle(self, customer: Customer, amount: Decimal) -> None:
        self.post((CASH, amount), (("receivable", customer), -amount))

    def write_off(self, customer: Customer, amount: Decimal) -> None:
        self.post((LOSSES, amount), (("receivable", customer), -amount))

    def charge(self, customer: Customer, amount: Decimal) -> None:
        self.post((("receivable", customer), amount), (OTHERS, -amount))
