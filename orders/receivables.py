"""What customers owe on their house accounts, by its age.

Payments that name no order settle the oldest debt first, so what is still owed are the newest charges up to
the balance. Each charge is as old as the order it is for is overdue; one without an order was due on its
day. Therefore the ages of a customer always sum up to its balance, and those of a store to its ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.db.models.expressions import RawSQL

from customers.models import Customer
from customers.money import round_half_up
from stores.models import Store

# name -> label, least and most days overdue; None for no bound
AGES: dict[str, tuple[str, int | None, int | None]] = {
    "current": ("Not due yet", None, 0),
    "1-30": ("1–30 days", 1, 30),
    "31-60": ("31–60 days", 31, 60),
    "61-90": ("61–90 days", 61, 90),
    "over-90": ("Over 90 days", 91, None),
}

OPEN_CHARGES = """
    WITH charge AS (
        SELECT e.customer_id, MIN(e.id) AS id, SUM(e.amount) AS amount,
               COALESCE(o.due_on, date(MIN(e.created_at))) AS due_on
        FROM customers_ledgerentry e
        JOIN customers_customer c ON c.id = e.customer_id AND c.store_id = e.store_id
        LEFT JOIN orders_order o ON o.store_id = e.store_id AND o.uid = e.order_uid
        WHERE e.account = 'house' AND c.account_balance > 0 {stores}
        GROUP BY e.customer_id, COALESCE(e.order_uid, e.uid), o.due_on
        HAVING SUM(e.amount) > 0
    ), newest_first AS (
        SELECT customer_id, due_on, amount,
               SUM(amount) OVER (
                   PARTITION BY customer_id ORDER BY due_on DESC, id DESC
                   ROWS UNBOUNDED PRECEDING
               ) - amount AS newer
        FROM charge
    ), open AS (
        SELECT n.customer_id, n.due_on,
               CASE WHEN n.amount < c.account_balance - n.newer
                    THEN n.amount ELSE c.account_balance - n.newer END AS amount
        FROM newest_first n JOIN customers_customer c ON c.id = n.customer_id
        WHERE n.newer < c.account_balance
    )
"""


@dataclass(frozen=True)
class Age:
    """Money owed that is so old."""

    name: str
    label: str
    amount: Decimal


def ages(store: Store, today: date) -> list[Age]:
    """What the store's customers owe, by age; they sum up to the positive balances of its accounts."""
    owed = dict.fromkeys(AGES, Decimal(0))
    for due_on, amount in open_by_due_day(store):
        owed[age_of(due_on, today)] += amount
    return [Age(name, AGES[name][0], round_half_up(owed[name], 2)) for name in AGES]


def open_by_due_day(store: Store) -> Iterable[tuple[date, Decimal]]:
    sql = open_charges([store.pk]) + "SELECT due_on, SUM(amount) FROM open GROUP BY due_on"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for due_on, amount in cursor.fetchall():
            day = date.fromisoformat(due_on) if isinstance(due_on, str) else due_on
            yield day, Decimal(str(amount))


def age_of(due_on: date, today: date) -> str:
    days = (today - due_on).days
    return next(name for name, (_, _, most) in AGES.items() if most is None or days <= most)


def open_charges(store_ids: Iterable[int] | None) -> str:
    """The query that begins with what is open, of these stores or of all."""
    if store_ids is None:
        return OPEN_CHARGES.format(stores="")
    names = ", ".join(str(int(pk)) for pk in store_ids) or "0"
    return OPEN_CHARGES.format(stores=f"AND e.store_id IN ({names})")


def customers_owing(age: str, store_ids: Iterable[int] | None, today: date) -> RawSQL:
    """The ids of the customers who owe money of this age."""
    _, least, most = AGES[age]
    conditions, days = [], []
    if least is not None:
        conditions.append("due_on <= %s")
        days.append(str(today - timedelta(days=least)))
    if most is not None:
        conditions.append("due_on >= %s")
        days.append(str(today - timedelta(days=most)))
    where = " AND ".join(conditions)
    sql = f"{open_charges(store_ids)} SELECT customer_id FROM open WHERE {where}"  # noqa: S608
    return RawSQL(sql, days)  # noqa: S611 only numbers and names of this module are in it


def in_advance(store: Store) -> Decimal:
    """What the store holds of customers who paid more than they owe."""
    accounts = Customer.objects.for_store(store).filter(account_balance__lt=0)
    return -(accounts.aggregate(sum=Sum("account_balance"))["sum"] or Decimal(0))
