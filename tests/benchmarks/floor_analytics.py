"""The floor's analytics: four statements, and the same rules in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from orders.scorecard import CreditInputs, Scorecard
from tests.benchmarks.floor_shapes import money, seconds

Ask = Callable[..., list[tuple[Any, ...]]]
ZONE = ZoneInfo("Australia/Sydney")
CENT = Decimal("0.01")

CUSTOMER = """SELECT id, name, total_spent, order_count, first_order_at, last_order_at, customer_since,
  account_balance, credit_limit FROM customers_customer
  WHERE store_id = %s AND uid = %s AND deleted_at IS NULL"""
_COUNTING = """FROM orders_order o WHERE o.store_id = %s AND o.customer_id = %s
  AND o.status <> 'cancelled'"""
_PAID, _PLACED = (
    f"({name} AT TIME ZONE 'Australia/Sydney')::date" for name in ("paid_at", "placed_at")
)
_YEAR = "FILTER (WHERE placed_at >= now() - interval '365 days')"
FIGURES = f"""SELECT COALESCE(sum(total - refunded_amount - credited_amount), 0),
  COALESCE(sum(total - refunded_amount - credited_amount) {_YEAR}, 0),
  avg({_PAID} - {_PLACED}) FILTER (WHERE paid_at IS NOT NULL AND total > 0),
  avg({_PAID} - due_on) FILTER (WHERE paid_at IS NOT NULL AND total > 0),
  count(*) FILTER (WHERE (paid_at IS NOT NULL AND total > 0) OR (paid_at IS NULL AND due_on < now())),
  count(*) FILTER (WHERE (total > 0 AND {_PAID} > due_on) OR (paid_at IS NULL AND due_on < now())),
  count(DISTINCT date_trunc('month', placed_at AT TIME ZONE 'Australia/Sydney')) {_YEAR} {_COUNTING}"""
MONTHS = f"""SELECT date_trunc('month', placed_at AT TIME ZONE 'Australia/Sydney') AS month, count(*),
  sum(total - refunded_amount - credited_amount) {_COUNTING} GROUP BY month ORDER BY month DESC"""
PRODUCTS = f"""SELECT l.product_id, max(l.product_name), sum(l.quantity), sum(l.total)
  FROM orders_orderline l JOIN (SELECT o.id {_COUNTING}) o ON o.id = l.order_id
  GROUP BY l.product_id ORDER BY 4 DESC, 1 LIMIT 10"""
THIRDS = """SELECT percentile_disc(ARRAY[1 / 3., 2 / 3.]) WITHIN GROUP (ORDER BY revenue) FROM (
  SELECT sum(total - refunded_amount - credited_amount) AS revenue FROM orders_order WHERE store_id = %s
  AND status <> 'cancelled' AND placed_at >= now() - interval '365 days' GROUP BY customer_id) sums"""


def customer_analytics(ask: Ask, store: int, uid: str) -> Any:
    (row,) = ask(CUSTOMER, store, uid)
    pk, name, spent, count, _, last, since, balance, limit = row
    (figures,) = ask(FIGURES, store, pk)
    now = datetime.now(UTC)
    used = rounded(max(balance, Decimal(0)) * 100 / limit) if limit else None
    return {
        "data": {
            "customer": {"id": f"cust_{uid}", "name": name or None},
            "overview": {
                "lifetime_value": money(spent),
                "total_orders": count,
                "avg_order_value": money(rounded(spent / count)) if count else 0,
                "last_order_date": seconds(last),
                "customer_since": seconds(since),
                "days_since_last_order": midnights(last, now),
            },
            "financial_summary": {
                "total_revenue": money(figures[0]),
                "current_balance": money(balance),
                "credit_limit": None if limit is None else money(limit),
                "credit_utilization": money(used or Decimal(0)),
                "avg_payment_days": int(
                    (figures[2] or Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP)
                ),
            },
            "order_history": [month(*found) for found in ask(MONTHS, store, pk)],
            "top_products": [product(*found) for found in ask(PRODUCTS, store, pk)],
            "customer_segment": segment(ask, store, now, row, figures[1]),
            "risk_score": risk(row, figures, used, now),
        }
    }


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def midnights(moment: datetime | None, now: datetime) -> int | None:
    return moment and (now.astimezone(ZONE).date() - moment.astimezone(ZONE).date()).days


def month(at: datetime, orders: int, revenue: Decimal) -> dict[str, Any]:
    average = money(rounded(revenue / orders))
    return {
        "month": f"{at:%Y-%m}",
        "orders": orders,
        "revenue": money(revenue),
        "avg_order_value": average,
    }


def product(pk: str, name: str, units: int, revenue: Decimal) -> dict[str, Any]:
    return {
        "product_id": pk,
        "product_name": name,
        "quantity_ordered": money(units),
        "revenue": money(revenue),
    }


def segment(
    ask: Ask, store: int, now: datetime, row: tuple[Any, ...], year_revenue: Decimal
) -> str:
    count, first, last = row[3:6]
    if first is None or (now - first).days < 30:
        return "new"
    gap = (last - first) / (count - 1) if count > 1 else now - now
    if (now - last).days >= 60 and now - last > 2 * gap:
        return "at_risk"
    middle, high = thirds(ask, store)
    return (
        "high_value"
        if year_revenue >= high
        else "medium_value"
        if year_revenue >= middle
        else "low_value"
    )


@cache
def thirds(ask: Ask, store: int) -> list[Decimal]:
    return ask(THIRDS, store)[0][0]


def risk(
    row: tuple[Any, ...], figures: tuple[Any, ...], used: Decimal | None, now: datetime
) -> str:
    late, due, overdue, months = figures[3:]
    age = midnights(row[4], now)
    share = rounded(Decimal(100) * overdue / due) if due else None
    regular = None
    if age is not None and age >= 90:
        regular = min(rounded(Decimal(100) * months / min(12, age // 30)), Decimal(100))
    inputs = CreditInputs(
        payment_days=late,
        overdue_share=share,
        utilization=used,
        relation_days=None if age is None else Decimal(age),
        regularity=regular,
        credit_limit=row[8],
        best_month=Decimal(0),
    )
    return Scorecard().score(inputs).risk
