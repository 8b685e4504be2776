"""The credit scorecard: a score from 300 (very risky) to 850 (very safe), from a customer's behaviour.

Every customer begins at 650. Each factor adds or subtracts points. An unknown factor counts 0, so a customer
without history scores exactly 650. The sum is limited to 300 and 850.

payment_days    mean days from the due day to the day it was paid in full:
                up to 0 +60, to 5 +30, to 15 0, to 30 -40, later -110
overdue_share   percent of the due orders and charges that were paid late or are not paid yet:
                0 +50, to 10 +20, to 25 -20, to 50 -70, more -160
utilization     percent of the credit limit that is owed:
                to 30 +30, to 60 +10, to 90 -20, to 100 -50, more -80
bounces         payments that bounced or were charged back, and debts that were written off:
                1 -60, more -120
relation_days   days since the first order, or charge to the account without one:
                below 90 0, below 365 +10, below 730 +20, below 1826 +30, from there +40
regularity      percent of the months with an order or such a charge, of the last 12 or, if that is
                shorter, since the first; unknown for 90 days:
                below 1 -20, below 25 0, below 50 +10, below 75 +20, from there +30

A score from 740 is excellent, from 670 good, from 580 fair, else poor; the risk is low from 670, medium
from 580, else high. The recommended limit is 1.5, 1.25, 1 or 0.5 times the present one by that rating,
rounded to hundreds. Without a limit, the revenue of the best month takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from customers.money import round_half_up

BASE, LOWEST, HIGHEST = 650, 300, 850
LARGEST_LIMIT = Decimal("999999999900")  # the columns are numeric(15,3)


@dataclass(frozen=True)
class CreditInputs:
    """The behaviour of a customer. None means that nothing is known yet."""

    payment_days: Decimal | None = None
    """Mean days late; below zero is early."""
    overdue_share: Decimal | None = None
    """Percent."""
    utilization: Decimal | None = None
    """Percent of the limit."""
    bounces: Decimal | None = None
    """Payments that the bank did not honour, and debts written off; None for none."""
    relation_days: Decimal | None = None
    regularity: Decimal | None = None
    """Percent."""
    credit_limit: Decimal | None = None
    best_month: Decimal = Decimal(0)
    """Revenue of the best month so far."""


class Factor(NamedTuple):
    """A line of the scorecard: an input and its points."""

    name: str
    input: Decimal | None
    points: int


class Step(NamedTuple):
    """The points of an input up to `limit`. `UP_TO` includes the limit, `BELOW` does not. None has no limit."""

    limit: int | None
    points: int


UP_TO: dict[str, tuple[Step, ...]] = {
    "payment_days": (Step(0, 60), Step(5, 30), Step(15, 0), Step(30, -40), Step(None, -110)),
    "overdue_share": (Step(0, 50), Step(10, 20), Step(25, -20), Step(50, -70), Step(None, -160)),
    "utilization": (Step(30, 30), Step(60, 10), Step(90, -20), Step(100, -50), Step(None, -80)),
    "bounces": (Step(0, 0), Step(1, -60), Step(None, -120)),
}
BELOW: dict[str, tuple[Step, ...]] = {
    "relation_days": (Step(90, 0), Step(365, 10), Step(730, 20), Step(1826, 30), Step(None, 40)),
    "regularity": (Step(1, -20), Step(25, 0), Step(50, 10), Step(75, 20), Step(None, 30)),
}
RATINGS = ((740, "excellent"), (670, "good"), (580, "fair"), (0, "poor"))
RISKS = ((670, "low"), (580, "medium"), (0, "high"))
MULTIPLES = {
    "excellent": Decimal("1.5"),
    "good": Decimal("1.25"),
    "fair": Decimal(1),
    "poor": Decimal("0.5"),
}


@dataclass(frozen=True)
class Score:
    points: int
    factors: tuple[Factor, ...] = ()
    """The factors of the points. A bureau may tell only some, or none."""

    @property
    def rating(self) -> str:
        return next(name for least, name in RATINGS if self.points >= least)

    @property
    def risk(self) -> str:
        return next(name for least, name in RISKS if self.points >= least)


class Bureau(Protocol):
    """A scorer of customers: the scorecard here or an external service. Call it outside transactions."""

    def score(self, inputs: CreditInputs) -> Score: ...


class Scorecard:
    """The documented scorecard. The same inputs always give the same score."""

    def score(self, inputs: CreditInputs) -> Score:
        factors = tuple(factor_of(name, getattr(inputs, name)) for name in (*UP_TO, *BELOW))
        total = BASE + sum(factor.points for factor in factors)
        return Score(min(max(total, LOWEST), HIGHEST), factors)


def factor_of(name: str, value: Decimal | None) -> Factor:
    return Factor(name, value, 0 if value is None else points(name, value))


def points(name: str, value: Decimal) -> int:
    """Return the points of the first step that reaches the value."""
    if name in UP_TO:
        return next(s.points for s in UP_TO[name] if s.limit is None or value <= s.limit)
    return next(s.points for s in BELOW[name] if s.limit is None or value < s.limit)


def recommended_limit(score: Score, inputs: CreditInputs) -> Decimal:
    """Return the limit to recommend, rounded half up to hundreds."""
    basis = inputs.best_month if inputs.credit_limit is None else inputs.credit_limit
    return min(round_half_up(basis * MULTIPLES[score.rating], -2), LARGEST_LIMIT)


def utilization(balance: Decimal, limit: Decimal | None) -> Decimal | None:
    """Return the percent of a limit that is owed, with two places. A credit balance is 0, no limit None."""
    if limit is None or (limit == 0 and balance <= 0):
        return None
    if limit == 0:
        return Decimal(1000)  # something is owed where nothing may be
    return round_half_up(max(balance, Decimal(0)) * 100 / limit, 2)
