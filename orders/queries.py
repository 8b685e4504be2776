"""Analyse a customer's orders. The database adds them up, so the number of queries does not grow with them.

Cancelled orders do not count. Refunds lower revenue. Days and months are those of the store's time zone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import (
    Avg,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Q,
    Sum,
)
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone

from customers.models import Customer, LedgerEntry
from customers.models.customer_queryset import CustomerQuerySet
from customers.models.ledger import Account
from customers.money import round_half_up
from customers.reads import Row
from orders.account_figures import (
    CUSTOMER,
    STORE,
    TODAY,
    YEAR,
    account_figures,
    has_account_figures,
)
from orders.models import Order, OrderLine
from orders.models.order import NET, OrderQuerySet, Status, exact_amount
from orders.scorecard import CreditInputs, Scorecard, utilization
from orders.segments import segment_of
from stores.currencies import digits_of
from stores.database.compiled import BindParam, CompiledQuery
from stores.errors import NotFound
from stores.models import Store

PERIODS: dict[str, timedelta | None] = {
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
    "1y": timedelta(days=365),
    "all": None,
}
TOP = 10
ZERO = Decimal(0)
ZONES = 256  # pairs of time zone and period whose queries stay compiled


def analytics(
    store: Store, target: CustomerQuerySet, period: str = "all", now: datetime | None = None
) -> Row:
    """Return figures about the live customer of a store that `target` names. `period` is a key of `PERIODS`.

    - `customer`: `uid`, `name`
    - `overview`, of all its orders: `lifetime_value`, `order_count`, `average_order_value`,
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
    customer = target.live().first()
    if customer is None:
        raise NotFound
    customer.store = store
    length = PERIODS[period]
    since = None if length is None else now - length
    figures = key_figures(customer, now, since)
    return {
        "customer": {"uid": customer.uid, "name": customer.name, "company": customer.company},
        "overview": overview(customer, now),
        "finances": finances(customer, figures),
        "months": months(customer, since),
        "products": products(customer, since),
        "segment": segment_of(customer, figures["year_revenue"], now),
        "risk": Scorecard().score(inputs_of(customer, figures, now)).risk,
    }


def credit_inputs(customer: Customer, now: datetime) -> CreditInputs:
    """Return the inputs of a credit check."""
    best = max((month["revenue"] for month in months(customer, None)), default=ZERO)
    return inputs_of(customer, key_figures(customer, now, None), now, best)


def has_money(store: Store) -> bool:
    """Return whether the store has orders, or postings to house accounts."""
    postings = LedgerEntry.objects.for_store(store).filter(account=Account.HOUSE)
    return Order.objects.for_store(store).exists() or postings.exists()


# --- figures of one customer, in one query

SINCE, YEAR_AGO = (BindParam(name, DateTimeField()) for name in ("since", "year_ago"))
FIGURES = (
    "revenue", "year_revenue", "payment_time", "lateness", "paid", "due", "overdue", "active_months",
    "has_account_figures",
)  # fmt: skip
COUNTS = ("paid", "due", "overdue", "active_months")
NO_FIGURES: Row = dict.fromkeys(FIGURES) | dict.fromkeys(COUNTS, 0) | {"has_account_figures": True}


def counting() -> OrderQuerySet:
    """Return the orders that count, of the customer that the parameters `STORE` and `CUSTOMER` name."""
    return Order.objects.for_store(STORE).of_customer(CUSTOMER).counting().order_by()


def duration(later: Any, earlier: Any) -> ExpressionWrapper[Any]:
    return ExpressionWrapper(later - earlier, output_field=DurationField())


@lru_cache(maxsize=ZONES)
def compiled_figures(zone: ZoneInfo, using: str, *, in_period: bool) -> CompiledQuery:
    """Compile the query of `key_figures`. Compiling takes longer than running it, so it is done once a zone."""
    paid_on, placed_on = TruncDate("paid_at", tzinfo=zone), TruncDate("placed_at", tzinfo=zone)
    paid = Q(paid_at__isnull=False, total__gt=0)
    unpaid = Q(paid_at=None, due_on__lt=TODAY)
    within_year = Q(placed_at__gte=YEAR_AGO)
    figures = (
        counting()
        .alias(paid_on=paid_on, placed_on=placed_on)
        .annotate(has_account_figures=has_account_figures())
        .values("customer", "has_account_figures")
        .annotate(
            revenue=Sum(NET, filter=Q(placed_at__gte=SINCE) if in_period else None),
            year_revenue=Sum(NET, filter=within_year),
            payment_time=Avg(duration(F("paid_on"), F("placed_on")), filter=paid),
            lateness=Avg(duration(F("paid_on"), F("due_on")), filter=paid),
            paid=Count("pk", filter=paid),
            due=Count("pk", filter=paid | unpaid),
            overdue=Count("pk", filter=(paid & Q(paid_on__gt=F("due_on"))) | unpaid),
            active_months=Count(
                TruncMonth("placed_at", tzinfo=zone), distinct=True, filter=within_year
            ),
        )
    )
    return CompiledQuery(figures.values_list(*FIGURES), using)


def key_figures(customer: Customer, now: datetime, since: datetime | None) -> Row:
    """Return `FIGURES`: revenue of the period and of 365 days, and how the customer pays and orders.

    Charges without an order count for how it pays and buys; `first_at` is the first of either.
    """
    zone = customer.store.tzinfo
    compiled = compiled_figures(zone, Order.objects.db, in_period=since is not None)
    today = timezone.localdate(now, zone)
    rows = compiled.run(**key_params(customer), since=since, year_ago=now - YEAR, today=today)
    figures = dict(zip(FIGURES, rows[0], strict=True)) if rows else NO_FIGURES.copy()
    figures |= {name: exact(figures[name]) for name in ("revenue", "year_revenue")}
    figures |= {"first_at": customer.first_order_at, "bounces": 0}
    has_more = figures["has_account_figures"]
    return figures | account_figures(customer, figures, today, now) if has_more else figures


def key_params(customer: Customer) -> dict[str, Any]:
    return {"store": customer.store_id, "customer": customer.pk}


def exact(amount: Decimal | None) -> Decimal:
    """Round a sum to the places of its column. None, the sum of no rows, is zero."""
    return round_half_up(amount or ZERO)


def in_days(time: timedelta | None) -> Decimal | None:
    """Return a duration in days, with two places."""
    if time is None:
        return None
    return round_half_up(Decimal(time // timedelta(microseconds=1)) / 86_400_000_000, 2)


# --- parts of the answer


def overview(customer: Customer, now: datetime) -> Row:
    return {
        "lifetime_value": customer.total_spent,
        "order_count": customer.order_count,
        "average_order_value": average(customer.total_spent, customer.order_count, customer),
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


@lru_cache(maxsize=ZONES)
def compiled_months(zone: ZoneInfo, using: str, *, in_period: bool) -> CompiledQuery:
    orders = counting().filter(placed_at__gte=SINCE) if in_period else counting()
    month = orders.annotate(month=TruncMonth("placed_at", tzinfo=zone)).values("month")
    sums = month.annotate(orders=Count("pk"), revenue=Sum(NET)).order_by("-month")
    return CompiledQuery(sums.values_list("month", "orders", "revenue"), using)


def months(customer: Customer, since: datetime | None) -> list[Row]:
    zone = customer.store.tzinfo
    compiled = compiled_months(zone, Order.objects.db, in_period=since is not None)
    return [
        {
            "month": f"{month:%Y-%m}",
            "orders": orders,
            "revenue": exact(revenue),
            "average_order_value": average(exact(revenue), orders, customer),
        }
        for month, orders, revenue in compiled.run(**key_params(customer), since=since)
    ]


@lru_cache
def compiled_products(using: str, *, in_period: bool) -> CompiledQuery:
    lines = OrderLine.objects.for_store(STORE).filter(order__customer=CUSTOMER)
    lines = lines.exclude(order__status=Status.CANCELLED)
    if in_period:
        lines = lines.filter(order__placed_at__gte=SINCE)
    sums = lines.values("product_id").annotate(
        name=Max("product_name"), units=Sum("quantity"), revenue=exact_amount(Sum("total"))
    )
    best = sums.order_by("-revenue", "product_id")[:TOP]
    return CompiledQuery(best.values_list("product_id", "name", "units", "revenue"), using)


def products(customer: Customer, since: datetime | None) -> list[Row]:
    compiled = compiled_products(OrderLine.objects.db, in_period=since is not None)
    return [
        {
            "product_id": pk,
            "product_name": name,
            "quantity": exact(units),
            "revenue": exact(revenue),
        }
        for pk, name, units, revenue in compiled.run(**key_params(customer), since=since)
    ]


def inputs_of(
    customer: Customer, figures: Row, now: datetime, best_month: Decimal = ZERO
) -> CreditInputs:
    # Without orders and debts nothing is known: a utilization of 0 would earn points.
    has_history = figures["first_at"] or customer.account_balance
    share = Decimal(100) * figures["overdue"] / figures["due"] if figures["due"] else None
    first_days = days_between(figures["first_at"], now, customer.store.tzinfo)
    return CreditInputs(
        payment_days=in_days(figures["lateness"]),
        overdue_share=None if share is None else round_half_up(share, 2),
        utilization=utilization(customer.account_balance, customer.credit_limit)
        if has_history
        else None,
        relation_days=None if first_days is None else Decimal(first_days),
        regularity=regularity(first_days, figures["active_months"]),
        bounces=Decimal(figures["bounces"]) or None,
        credit_limit=customer.credit_limit,
        best_month=best_month,
    )


def regularity(first_days: int | None, active_months: int) -> Decimal | None:
    """Return the percent of months with an order, of the last 12 or since the first order.

    Return None for the first 90 days.
    """
    if first_days is None or first_days < 90:
        return None
    possible = min(12, first_days // 30)
    return min(round_half_up(Decimal(100) * active_months / possible, 2), Decimal(100))


def average(amount: Decimal, count: int, customer: Customer) -> Decimal:
    """Return the average in the digits of the store's currency."""
    digits = digits_of(customer.store.currency)
    return round_half_up(amount / count, digits) if count else ZERO


def days_between(moment: datetime | None, now: datetime, zone: ZoneInfo) -> int | None:
    """Return the number of midnights in the time zone between the two moments."""
    if moment is None:
        return None
    return (timezone.localdate(now, zone) - timezone.localdate(moment, zone)).days
