"""The start page's figures, which agree with the lists they link to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from orders.models import Order
from orders.receivables import aging_buckets
from orders.services.accounts import post_entry
from orders.services.moving import move_order
from orders.services.paying import pay_order, refund_order
from orders.services.placing import place_order
from orders.services.withdrawing import delete_customer_with_orders
from stores.actors import SYSTEM
from stores.admin.charts import bars, sparkline
from stores.models import Store, WebhookEndpoint
from tests.admin.conftest import SignIn
from tests.factories import CustomerFactory, LineFields

NOON = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)  # noon in Sydney


def failing_endpoint(store: Store) -> WebhookEndpoint:
    return WebhookEndpoint.objects.create(
        store=store,
        url="https://hook.example/orders",
        events=["*"],
        secret=b"",
        failing_since=NOON,
    )


def order(customer: Customer, amount: str = "10", **options):
    line = LineFields(quantity=1, unit_price=Decimal(amount))
    return place_order(customer.as_queryset(), SYSTEM, [line], **options)


@pytest.fixture
def debtor(store) -> Customer:
    return CustomerFactory(
        store=store,
        name="Ann Lee",
        is_account_enabled=True,
        credit_limit=Decimal(1000),
        payment_terms="net_30",
    )


def test_revenue_today_uses_the_stores_midnight(owner, debtor) -> None:
    with time_machine.travel(NOON, tick=False):
        order(debtor, "10", placed_at=NOON)
        paid = order(debtor, "20", placed_at=NOON - timedelta(hours=11))
        pay_order(Order.objects.filter(pk=paid["id"]), SYSTEM, Decimal(20))
        refund_order(Order.objects.filter(pk=paid["id"]), SYSTEM, Decimal(5), "stale")
        order(debtor, "40", placed_at=NOON - timedelta(hours=13))  # yesterday in Sydney
        gone = order(debtor, "80", placed_at=NOON)
        move_order(Order.objects.filter(pk=gone["id"]), SYSTEM, "cancelled")
        page = owner.get("/admin/")
        assert page.context["day"] == {"count": 2, "revenue": Decimal(25)}
        behind = owner.get(page.context["day_url"])
        assert sum(one.total for one in behind.context["cl"].result_list) == 30


def test_monthly_revenue_links_to_its_orders(owner: Client, debtor) -> None:
    with time_machine.travel(NOON, tick=False):
        order(debtor, "10", placed_at=NOON)
        order(debtor, "20", placed_at=datetime(2026, 5, 31, 13, 59, tzinfo=UTC))  # May in Sydney
        order(debtor, "30", placed_at=datetime(2026, 5, 31, 14, 1, tzinfo=UTC))  # June there
        order(debtor, "99", placed_at=datetime(2025, 6, 15, tzinfo=UTC))  # too long ago
        context = owner.get("/admin/").context
        assert [value for _, value in context["revenue"]] == [0] * 10 + [20, 40]
        assert context["revenue"][0][0] == date(2025, 7, 1)
        june = context["revenue_chart"].bars[-1]
        assert june.text == "40"
        totals = [one.total for one in owner.get(june.url).context["cl"].result_list]
        assert sorted(totals) == [10, 30]


def test_months_use_the_time_zone_and_keep_deleted_orders(owner, store) -> None:
    ends = datetime(2026, 5, 31, tzinfo=UTC)
    with time_machine.travel(NOON, tick=False):
        for hours in (0, 10, 14, 20, 27, 34, 40):
            customer = CustomerFactory(store=store)
            order(customer, str(hours + 1), placed_at=ends + timedelta(hours=hours))
        gone = order(customer, "500", placed_at=ends)
        refunded = order(customer, "70", placed_at=ends)
        move_order(Order.objects.filter(pk=gone["id"]), SYSTEM, "cancelled")
        pay_order(Order.objects.filter(pk=refunded["id"]), SYSTEM, Decimal(70))
        refund_order(Order.objects.filter(pk=refunded["id"]), SYSTEM)
        for zone, may in (("UTC", 48), ("Australia/Sydney", 12), ("America/Los_Angeles", 76)):
            Store.objects.filter(pk=store.pk).update(timezone=zone)
            cache.clear()
            context = owner.get("/admin/", {"store": store.pk}).context
            assert [value for _, value in context["revenue"]][-2:] == [may, 152 - may], zone
        delete_customer_with_orders(customer.as_queryset(), SYSTEM)
        cache.clear()
        context = owner.get("/admin/", {"store": store.pk}).context
        assert [value for _, value in context["revenue"]][-2:] == [76, 76]


def test_new_customers_are_counted_by_month(owner: Client, store) -> None:
    with time_machine.travel(NOON - timedelta(days=40), tick=False):
        CustomerFactory(store=store)
    with time_machine.travel(NOON, tick=False):
        CustomerFactory(store=store)
        CustomerFactory(store=store)
        context = owner.get("/admin/").context
        assert [value for _, value in context["new_customers"]][-2:] == [1, 2]
        behind = owner.get(context["new_customer_chart"].bars[-1].url)
        assert len(behind.context["cl"].result_list) == 2


def owed(store, today: date) -> dict[str, Decimal]:
    return {age.name: age.amount for age in aging_buckets(store, today) if age.amount}


def test_debt_ages_from_its_orders_due_date(store, debtor) -> None:
    today = timezone.now().astimezone(store.tzinfo).date()
    for days, amount in [(0, "1"), (31, "2"), (61, "4"), (91, "8"), (200, "16")]:
        placed = timezone.now() - timedelta(days=days)
        order(debtor, amount, on_account=True, placed_at=placed)
    assert owed(store, today) == {"current": 1, "1-30": 2, "31-60": 4, "61-90": 8, "over-90": 16}


def test_payment_without_order_settles_oldest_debt(store, debtor) -> None:
    today = timezone.now().astimezone(store.tzinfo).date()
    order(debtor, "10", on_account=True, placed_at=timezone.now() - timedelta(days=200))
    order(debtor, "10", on_account=True)
    post_entry(debtor.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-15))
    assert owed(store, today) == {"current": 5}
    post_entry(debtor.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-15))
    assert owed(store, today) == {}


def test_older_debt_booked_later_stays_open(store, debtor) -> None:
    today = timezone.now().astimezone(store.tzinfo).date()
    order(debtor, "10", on_account=True, placed_at=timezone.now() - timedelta(days=45))
    post_entry(debtor.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-10))
    order(debtor, "4", on_account=True, placed_at=timezone.now() - timedelta(days=80))
    assert owed(store, today) == {"31-60": 4}


def test_payment_for_an_order_settles_only_that_order(store, debtor) -> None:
    today = timezone.now().astimezone(store.tzinfo).date()
    order(debtor, "10", on_account=True, placed_at=timezone.now() - timedelta(days=45))
    paid = order(debtor, "20", on_account=True)
    pay_order(Order.objects.filter(pk=paid["id"]), SYSTEM, Decimal(15))
    assert owed(store, today) == {"current": 5, "1-30": 10}


def test_charge_without_order_is_due_at_once(store, debtor) -> None:
    post_entry(debtor.as_queryset(), SYSTEM, Account.HOUSE, Decimal(7))
    tomorrow = timezone.now().date() + timedelta(days=2)
    assert owed(store, tomorrow) == {"1-30": 7}


def test_aging_sums_up_to_the_ledger(owner: Client, store, debtor) -> None:
    other = CustomerFactory(store=store, is_account_enabled=True)
    CustomerFactory(is_account_enabled=True)
    for days in (3, 45, 80, 130):
        placed = timezone.now() - timedelta(days=days)
        order(debtor, "33.33", on_account=True, placed_at=placed)
        order(other, "0.10", on_account=True, placed_at=placed)
    gone = order(debtor, "50", on_account=True)
    move_order(Order.objects.filter(pk=gone["id"]), SYSTEM, "cancelled")
    post_entry(debtor.as_queryset(), SYSTEM, Account.HOUSE, Decimal("-40.01"))
    post_entry(other.as_queryset(), SYSTEM, Account.HOUSE, Decimal("-0.15"))
    ahead = CustomerFactory(store=store, is_account_enabled=True)
    post_entry(ahead.as_queryset(), SYSTEM, Account.HOUSE, Decimal(-9))
    context = owner.get("/admin/", {"store": store.pk}).context
    ledger = LedgerEntry.objects.filter(store=store, account="house").aggregate(sum=Sum("amount"))
    assert sum(age.amount for age in context["aging_buckets"]) == context["owed"]
    assert context["owed"] - context["prepaid_balance"] == ledger["sum"]


def test_aging_bucket_links_to_its_customers(owner: Client, store, debtor) -> None:
    CustomerFactory(store=store)
    order(debtor, "10", on_account=True, placed_at=timezone.now() - timedelta(days=45))
    url = reverse("admin:customers_customer_changelist")
    query = {"store__id__exact": store.pk, "overdue": "1-30"}
    assert list(owner.get(url, query).context["cl"].result_list) == [debtor]
    assert not owner.get(url, {**query, "overdue": "over-90"}).context["cl"].result_list


def test_aging_filter_uses_the_stores_time_zone(owner: Client, store, debtor) -> None:
    """In Sydney's morning it is the day before in the time zone of a superuser."""
    morning = datetime(2026, 6, 15, 22, 0, tzinfo=UTC)
    with time_machine.travel(morning, tick=False):
        placed = order(debtor, "10", on_account=True, placed_at=morning - timedelta(days=31))
        (age,) = [age.name for age in aging_buckets(store, date(2026, 6, 16)) if age.amount]
        assert age == "1-30"
        query = {"store__id__exact": store.pk}
        customers = reverse("admin:customers_customer_changelist")
        assert list(owner.get(customers, {**query, "overdue": age}).context["cl"].result_list)
        orders = reverse("admin:orders_order_changelist")
        (found,) = owner.get(orders, {**query, "due": age}).context["cl"].result_list
        assert found.pk == placed["id"]


def test_todays_charge_is_not_overdue(owner: Client, store, debtor) -> None:
    """In Sydney's morning it is still yesterday in UTC."""
    with time_machine.travel(datetime(2026, 6, 15, 22, 0, tzinfo=UTC), tick=False):
        post_entry(debtor.as_queryset(), SYSTEM, Account.HOUSE, Decimal(10))
        found = owner.get("/admin/").context
        assert found["today"] == date(2026, 6, 16)
        assert [(age.name, age.amount) for age in found["aging_buckets"] if age.amount] == [
            ("current", 10)
        ]


@pytest.mark.parametrize(("group", "told"), [("Clerk", False), ("Manager", True)])
def test_failing_webhooks_need_the_permission(
    sign_in: SignIn, store, group: str, told: bool
) -> None:
    endpoint = failing_endpoint(store)
    page = sign_in(group, store).get("/admin/").content.decode()
    assert (endpoint.url in page) is told


def test_every_link_of_the_start_page_opens(owner: Client, debtor) -> None:
    order(debtor, "950", on_account=True)
    page = owner.get("/admin/").content.decode()
    links = {part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]}
    pages = [link for link in links if link.startswith(("/admin/", "?"))]
    assert len(pages) > 35
    for link in pages:
        path = link if link.startswith("/") else f"/admin/{link}"
        if "logout" not in urlsplit(path).path:
            assert owner.get(path).status_code == 200, path


def test_empty_chart_is_still_drawn() -> None:
    nothing = bars([{"label": "Jan", "value": Decimal(0), "text": "0", "url": ""}])
    assert nothing.bars[0].height == 0
    assert [tick.text for tick in nothing.ticks] == ["0", "1", "2"]
    assert bars([]).bars == []
    assert sparkline([0, 0, 0]).y == sparkline([0, 0, 0]).height - 4


def test_start_page_opens_without_the_cache(owner: Client, debtor, absent_cache) -> None:
    assert owner.get("/admin/").status_code == 200
