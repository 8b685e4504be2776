"""Build the statement of a customer's house account for some days of the store.

A charge counts on the day of its posting, money on the day of the bank. So a payment that is recorded late
stands on the day when it came, and the closing balance of a period is the opening one of the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from customers.models import Charge, Customer
from customers.money import round_half_up
from orders.ageing import AgingBucket, in_buckets
from orders.open_charges import balance_on, open_on
from orders.statements.entries import PeriodEntries, numbers_of_orders
from orders.statements.periods import Period
from stores.errors import Invalid
from stores.models import Store

ZERO = Decimal(0)
MAX_LINES = 3000


@dataclass(frozen=True)
class Payee:
    """A charge that a payment paid, and how much of it."""

    title: str
    amount: Decimal


@dataclass(frozen=True)
class Line:
    """An entry of the account. `amount` is positive for charges; `balance` is what is owed after it."""

    day: date
    kind: str
    number: str
    due_on: date | None
    reference: str
    amount: Decimal
    balance: Decimal
    payees: tuple[Payee, ...]

    @property
    def title(self) -> str:
        """The kind, with the number of the order."""
        joint = " for " if self.amount < 0 else " "
        return joint.join(filter(None, (self.kind, self.number)))

    @property
    def charged(self) -> Decimal | None:
        return self.amount if self.amount > 0 else None

    @property
    def paid(self) -> Decimal | None:
        return -self.amount if self.amount < 0 else None

    @property
    def other_payees(self) -> tuple[Payee, ...]:
        """What a payment paid, unless it is only the order that the line names."""
        return () if [payee.title for payee in self.payees] == [self.number] else self.payees


@dataclass(frozen=True)
class OpenCharge:
    """A charge that is not paid in full at the end of the period."""

    title: str
    due_on: date
    amount: Decimal
    open_amount: Decimal
    days_overdue: int  # 0 when it is not due yet


@dataclass(frozen=True)
class Statement:
    """The account of a customer in a period. Ages and open charges are those at the end of its last day."""

    customer: Customer
    period: Period
    opening: Decimal
    lines: list[Line]
    open_charges: list[OpenCharge]

    @property
    def store(self) -> Store:
        return self.customer.store

    @property
    def closing(self) -> Decimal:
        return self.lines[-1].balance if self.lines else self.opening

    @property
    def charged(self) -> Decimal:
        return sum((line.charged or ZERO for line in self.lines), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((line.paid or ZERO for line in self.lines), ZERO)

    @property
    def ageing(self) -> list[AgingBucket]:
        """What is open by its age."""
        amounts = ((charge.due_on, charge.open_amount) for charge in self.open_charges)
        return in_buckets(amounts, self.period.last)

    @property
    def in_advance(self) -> Decimal:
        """What the customer paid that no charge uses yet. Ages less this are the closing balance."""
        return sum((charge.open_amount for charge in self.open_charges), ZERO) - self.closing

    @property
    def overdue(self) -> Decimal:
        late = (charge.open_amount for charge in self.open_charges if charge.days_overdue)
        return sum(late, ZERO)

    @property
    def next_due(self) -> tuple[date, Decimal] | None:
        """The first due day to come, and what is due on it."""
        coming = [charge for charge in self.open_charges if not charge.days_overdue]
        if not coming:
            return None
        day = min(charge.due_on for charge in coming)
        due = (charge.open_amount for charge in coming if charge.due_on == day)
        return day, sum(due, ZERO)


def statement_of(customer: Customer, period: Period) -> Statement:
    """Return the statement of a customer for a period of the store's days.

    Raises Invalid `too_many_lines` when it has more than `MAX_LINES`.
    """
    opening = balance_on(customer, period.first - timedelta(days=1))
    entries = PeriodEntries(customer, period)
    if entries.count > MAX_LINES:
        raise Invalid("too_many_lines", "from", most=MAX_LINES)
    lines = list(lines_of(entries, opening))
    return Statement(customer, period, opening, lines, open_charges(customer, period.last))


def lines_of(entries: PeriodEntries, opening: Decimal) -> Iterator[Line]:
    amounts = (entry.amount for entry in entries.rows)
    balances = list(accumulate(amounts, initial=opening))[1:]
    for entry, balance in zip(entries.rows, balances, strict=True):
        yield Line(
            day=entries.day_of(entry),
            kind=entries.kind_of(entry),
            number=entries.numbers.get(entry.order_uid, "") if entry.order_uid else "",
            due_on=entries.due_on(entry),
            reference=entries.reference_of(entry),
            amount=entry.amount,
            balance=balance,
            payees=tuple(Payee(*paid) for paid in entries.paid_by(entry)),
        )


def open_charges(customer: Customer, day: date) -> list[OpenCharge]:
    """Return what was open at the end of a day, what is due first at first."""
    charges = Charge.objects.filter(store=customer.store_id, customer=customer)
    rows = list(open_on(charges, day, customer.store.tzinfo).order_by("due_on", "id"))
    numbers = numbers_of_orders(customer, [charge.uid for charge in rows if charge.is_of_order])
    return [
        OpenCharge(
            title=numbers.get(charge.uid, "Charge"),
            due_on=charge.due_on,
            amount=charge.amount,
            open_amount=round_half_up(charge.open_then),  # type: ignore[attr-defined]
            days_overdue=max((day - charge.due_on).days, 0),
        )
        for charge in rows
    ]
