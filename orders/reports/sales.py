"""Orders of a period, and the turnover of each month with refunds in the month they happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from orders.models import Order, Payment
from orders.models.order import NET, PaymentStatus, Status, exact_amount
from orders.models.payment import PaymentKind
from orders.reports.columns import CURRENCY, Column, Kind, money
from orders.reports.period import Period
from orders.reports.report import Line, Report, Sums, exact, sums_of_currencies

ZERO = Decimal(0)
AMOUNTS = {
    "subtotal": "Goods",
    "discount_amount": "Discount",
    "tax_amount": "Tax",
    "shipping_amount": "Shipping",
    "total": "Total",
    "refunded_amount": "Refunded",
    "credited_amount": "Credited",
    "net": "Turnover",
    "paid_amount": "Paid",
}
ORDERS = (
    Column("Order"),
    Column("Placed", Kind.DAY),
    Column("Customer"),
    Column("Status"),
    Column("Payment"),
    CURRENCY,
    *map(money, AMOUNTS.values()),
)
MONTHS = (
    Column("Month"),
    CURRENCY,
    Column("Orders", Kind.COUNT),
    money("Ordered"),
    money("Refunded"),
    money("Credited"),
    money("Cancelled"),
    money("Turnover"),
)
REDUCTIONS = (PaymentKind.REFUND, PaymentKind.CREDIT)
# Cancelled orders are listed, because a number must not be missing, but are no turnover.
NET_IF_COUNTING = Case(When(status=Status.CANCELLED, then=Value(ZERO)), default=NET)


def orders_of(period: Period) -> Report:
    """Report the orders that were placed in the period."""
    orders = Order.objects.for_store(period.store).filter(period.holds("placed_at"))
    orders = orders.annotate(net=exact_amount(NET_IF_COUNTING))
    sums = orders.order_by("currency").values("currency")
    totals: Any = sums.annotate(**{f"sum_{name}": Sum(name) for name in AMOUNTS})
    return Report(
        "Orders",
        period.store,
        ORDERS,
        lambda most: order_rows(orders, period, most),
        [
            Sums(row["currency"], (*[None] * 6, *(exact(row[f"sum_{name}"]) for name in AMOUNTS)))
            for row in totals
        ],
        ("Cancelled orders are listed, and have no turnover.",),
    )


def order_rows(orders: QuerySet[Order], period: Period, most: int | None) -> Iterator[Line]:
    columns = (
        "number", "placed_at", "customer__name", "status", "payment_status", "currency", *AMOUNTS,
    )  # fmt: skip
    rows = orders.order_by("placed_at", "id").values_list(*columns)[:most]
    for number, placed_at, name, status, payment_status, *rest in rows.iterator():
        words = Status(status).label, PaymentStatus(payment_status).label
        yield (number, period.day_of(placed_at), name, *words, *rest)


# --- turnover by month

Key = tuple[date, str]  # the first day of a month, and a currency


def turnover(period: Period) -> Report:
    """Report the turnover of the months that the period touches.

    An order counts in the month it was placed in. Refunds, credit notes and cancellations lower the turnover of
    the month they happened in. So a month that is over changes no more.
    """
    rows = list(month_rows(period))
    sums = sums_of_currencies(rows, 1)
    note = "Refunds, credit notes and cancellations are in the month they happened."
    return Report(
        "Turnover by month", period.store, MONTHS, lambda most: rows[:most], sums, (note,)
    )


def month_rows(period: Period) -> Iterator[Line]:
    counts, ordered = placed(period)
    refunded, credited = (reduced(period, kind) for kind in REDUCTIONS)
    lost = cancelled(period)
    for key in sorted(counts.keys() | refunded.keys() | credited.keys() | lost.keys()):
        month, currency = key
        amounts = ordered[key], -refunded[key], -credited[key], -lost[key]
        yield (f"{month:%Y-%m}", currency, counts[key], *amounts, sum(amounts, ZERO))


def by_month(
    rows: QuerySet[Any], period: Period, moment: str, currency: str, **sums: Any
) -> QuerySet[Any, Any]:
    """Return month, currency and sums of the rows whose column `moment` is in the period."""
    month = TruncMonth(moment, tzinfo=period.store.tzinfo)
    months = rows.filter(period.holds(moment)).order_by().annotate(month=month)
    grouped: QuerySet[Any, Any] = months.values("month", currency).annotate(**sums)
    return grouped.values_list("month", currency, *sums)


def placed(period: Period) -> tuple[dict[Key, int], dict[Key, Decimal]]:
    """Return how many orders were placed in each month, and for how much."""
    orders = Order.objects.for_store(period.store)
    counts: dict[Key, int] = defaultdict(int)
    amounts: dict[Key, Decimal] = defaultdict(Decimal)
    sums = {"orders": Count("pk"), "amount": Sum("total")}
    for month, currency, count, amount in by_month(orders, period, "placed_at", "currency", **sums):
        key = month.date(), currency
        counts[key], amounts[key] = count, exact(amount)
    return counts, amounts


def reduced(period: Period, kind: str) -> dict[Key, Decimal]:
    """Return what refunds, or credit notes, took off a month; of a cancelled order they take off nothing."""
    payments = Payment.objects.for_store(period.store).filter(kind=kind)
    counting = payments.exclude(order__cancelled_at__lte=F("created_at"))
    return amounts_of(
        by_month(counting, period, "created_at", "order__currency", sum=Sum("amount"))
    )


def cancelled(period: Period) -> dict[Key, Decimal]:
    """Return what cancellations took off in each month: what refunds and credit notes had left of the order."""
    earlier = Payment.objects.filter(
        store=period.store,
        order=OuterRef("pk"),
        kind__in=REDUCTIONS,
        created_at__lt=OuterRef("cancelled_at"),
    )
    taken_off = Subquery(earlier.order_by().values("order").annotate(s=Sum("amount")).values("s"))
    orders = Order.objects.for_store(period.store).filter(status=Status.CANCELLED)
    left = exact_amount(F("total") - Coalesce(taken_off, Value(ZERO)))
    return amounts_of(
        by_month(orders.annotate(left=left), period, "cancelled_at", "currency", sum=Sum("left"))
    )


def amounts_of(rows: QuerySet[Any, Any]) -> dict[Key, Decimal]:
    amounts: dict[Key, Decimal] = defaultdict(Decimal)
    for month, currency, amount in rows:
        amounts[month.date(), currency] = exact(amount)
    return amounts
