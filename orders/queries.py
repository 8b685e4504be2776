"""What a customer's orders add up to, computed in the database: the number of queries never grows with
the number of orders. Cancelled orders count nowhere, refunds lower revenue; days and months are the store's.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Avg,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone

from customers.errors import NotFound
from customers.models import Customer
from customers.models.customer import CustomerQuerySet
from customers.money import round_half_up
from customers.reads import Row
from orders.credit import CreditInputs, Scorecard, utilization
from orders.models import Order, OrderLine
from orders.models.order import Status, cents
from orders.segments import segment_of

PERIODS: dict[str, timedelta | None] = {
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
    "1y": timedelta(days=365),
    "all": None,
}
YEAR = timedelta(days=365)
TOP = 10
ZERO = Decimal(0)
REVENUE = Sum(F("total") - F("refunded_amount"))


def analytics(target: CustomerQuerySet, period: str = "all", now: datetime | None = None) -> Row:
    """The live customer that `target` names in figures; `period` is a key of `PERIODS`.

    - `customer`: `uid`, `name`
    - `overview`, of its whole life: `lifetime_value`, `order_count`, `average_order_value`,
      `last_order_at`, `customer_since`, `days_since_last_order` (None without orders)
    - `finances`: `revenue` of the period, `account_balance`, `credit_limit`, `credit_utilization`
      (percent), `average_payment_days` (whole days from the order to its full payment)
    - `months` of the period, newest first: `month` ("2024-01"), `orders`, `revenue`,
      `average_order_value`
    - `products`, the ten of most revenue in the period: `product_id`, `product_name`, `quantity`,
      `revenue`
    - `segment` (see `orders.segments`) and `risk` (low, medium, high)

    Raises NotFound.
    """
    now = now or timezone.now()
    customer = target.live().select_related("store").first()
    if customer is None:
        raise NotFound
    length = PERIODS[period]
    since = None if length is None else now - length
    figures = key_figures(customer, now, since)
    return {
        "customer": {"uid": customer.uid, "name": customer.name},
        "overview": overview(customer, now),
        "finances": finances(customer, figures),
        "months": months(customer, since),
        "products": products(customer, since),
        "segment": segment_of(customer, figures["year_revenue"], now),
        "risk": Scorecard().score(inputs_of(customer, figures, now)).risk,
    }


def credit_inputs(customer: Customer, now: datetime) -> CreditInputs:
    """What a credit check is made from."""
    best = max((month["revenue"] for month in months(customer, None)), default=ZERO)
    return inputs_of(customer, key_figures(customer, now, None), now, best)


# --- figures of one customer, in one query


def counting(customer: Customer, since: datetime | None = None) -> QuerySet:
    orders = Order.objects.filter(store=customer.store_id, customer=customer).counting()
    return orders if since is None else orders.filter(placed_at__gte=since)


def days(later: Any, earlier: Any) -> ExpressionWrapper:
    return ExpressionWrapper(later - earlier, output_field=DurationField())


def key_figures(customer: Customer, now: datetime, since: datetime | None) -> Row:
    """Revenue of the period and of the last 365 days, and how the customer pays and orders."""
    zone = customer.store.tzinfo
    today = timezone.localdate(now, zone)
    paid_on, placed_on = TruncDate("paid_at", tzinfo=zone), TruncDate("placed_at", tzinfo=zone)
    paid = Q(paid_at__isnull=False, total__gt=0)
    unpaid = Q(paid_at=None, due_on__lt=today)
    found = (
        counting(customer)
        .annotate(paid_on=paid_on, placed_on=placed_on)
        .aggregate(
            revenue=Sum(F("total") - F("refunded_amount"), filter=within(since)),
            year_revenue=Sum(F("total") - F("refunded_amount"), filter=within(now - YEAR)),
            payment_time=Avg(days(F("paid_on"), F("placed_on")), filter=paid),
            lateness=Avg(days(F("paid_on"), F("due_on")), filter=paid),
            due=Count("pk", filter=paid | unpaid),
            overdue=Count("pk", filter=(paid & Q(paid_on__gt=F("due_on"))) | unpaid),
            active_months=Count(
                TruncMonth("placed_at", tzinfo=zone), distinct=True, filter=within(now - YEAR)
            ),
        )
    )
    return found | {name: exact(found[name]) for name in ("revenue", "year_revenue")}


def within(since: datetime | None) -> Q:
    return Q(placed_at__isnull=False) if since is None else Q(placed_at__gte=since)


def exact(amount: Decimal | None) -> Decimal:
    """SQLite sums in binary fractions; what it gives is exact again at two places."""
    return round_half_up(amount or ZERO, 2)


def in_days(time: timedelta | None) -> Decimal | None:
    if time is None:
        return None
    return round_half_up(Decimal(time // timedelta(microseconds=1)) / 86_400_000_000, 2)


# --- parts of the answer


def overview(customer: Customer, now: datetime) -> Row:
    return {
        "lifetime_value": customer.total_spent,
        "order_count": customer.order_count,
        "average_order_value": average(customer.total_spent, customer.order_count),
        "last_order_at": customer.last_order_at,
        "customer_since": customer.customer_since,
        "days_since_last_order": days_between(customer.last_order_at, now, customer.store.tzinfo),
    }


def finances(customer: Customer, figures: Row) -> Row:
    balance, limit = customer.account_balance, customer.credit_limit
    return {
        "revenue": figures["revenue"],
        "account_balance": balance,
        "credit_limit": limit,
        "credit_utilization": utilization(balance, limit) or ZERO,
        "average_payment_days": int(round_half_up(in_days(figures["payment_time"]) or ZERO, 0)),
    }


def months(customer: Customer, since: datetime | None) -> list[Row]:
    month = TruncMonth("placed_at", tzinfo=customer.store.tzinfo)
    found = counting(customer, since).annotate(month=month).values("month").order_by("-month")
    return [
        {
            "month": f"{row['month']:%Y-%m}",
            "orders": row["orders"],
            "revenue": exact(row["revenue"]),
            "average_order_value": average(exact(row["revenue"]), row["orders"]),
        }
        for row in found.annotate(orders=Count("pk"), revenue=REVENUE)
    ]


def products(customer: Customer, since: datetime | None) -> list[Row]:
    lines = OrderLine.objects.filter(store=customer.store_id, order__customer=customer)
    lines = lines.exclude(order__status=Status.CANCELLED)
    if since is not None:
        lines = lines.filter(order__placed_at__gte=since)
    found = lines.values("product_id").annotate(
        name=Max("product_name"), quantity=Sum("quantity"), revenue=cents(Sum("total"))
    )
    return [
        {
            "product_id": row["product_id"],
            "product_name": row["name"],
            "quantity": row["quantity"],
            "revenue": exact(row["revenue"]),
        }
        for row in found.order_by("-revenue", "product_id")[:TOP]
    ]


def inputs_of(
    customer: Customer, figures: Row, now: datetime, best_month: Decimal = ZERO
) -> CreditInputs:
    known = customer.order_count or customer.account_balance
    share = Decimal(100) * figures["overdue"] / figures["due"] if figures["due"] else None
    return CreditInputs(
        payment_days=in_days(figures["lateness"]),
        overdue_share=None if share is None else round_half_up(share, 2),
        utilization=utilization(customer.account_balance, customer.credit_limit) if known else None,
        relation_days=age(customer, now),
        regularity=regularity(customer, figures["active_months"], now),
        credit_limit=customer.credit_limit,
        best_month=best_month,
    )


def age(customer: Customer, now: datetime) -> Decimal | None:
    passed = days_between(customer.first_order_at, now, customer.store.tzinfo)
    return None if passed is None else Decimal(passed)


def regularity(customer: Customer, active_months: int, now: datetime) -> Decimal | None:
    """Percent of months with an order, of the last 12 or since the first one; None for the first 90 days."""
    passed = days_between(customer.first_order_at, now, customer.store.tzinfo)
    if passed is None or passed < 90:
        return None
    possible = min(12, passed // 30)
    return min(round_half_up(Decimal(100) * active_months / possible, 2), Decimal(100))


def average(amount: Decimal, count: int) -> Decimal:
    return round_half_up(amount / count, 2) if count else ZERO


def days_between(moment: datetime | None, now: datetime, zone: ZoneInfo) -> int | None:
    """Midnights of the store between the two."""
    if moment is None:
        return None
    return (timezone.localdate(now, zone) - timezone.localdate(moment, zone)).days
