"""What needs a person: found, said in words, given to somebody, put off, within rights and stores."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config.admin.today import source
from customers.imports.models import ImportJob, State
from customers.models import Address, Customer
from customers.privacy.services.requests import open_request
from customers.tasks.models import Assignment
from orders.services.accounts import post_entry
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import Store, WebhookEndpoint
from tests.admin.conftest import SignIn
from tests.admin.pages import messages_of
from tests.admin.rows import duplicate_pair
from tests.factories import CustomerFactory, LineFields, OrderFactory, StoreFactory


def day(store: Store, ahead: int = 0) -> Any:
    return timezone.localdate(timezone=store.tzinfo) + timedelta(days=ahead)


def debtor(store: Store, name: str, days: int, amount: str = "10") -> Customer:
    """Return a customer with a charge that has been overdue for so many days."""
    customer: Customer = CustomerFactory(
        store=store, name=name, is_account_enabled=True, payment_terms="due_on_receipt"
    )
    line = LineFields(quantity=1, unit_price=Decimal(amount))
    placed = timezone.now() - timedelta(days=days)
    place_order(customer.as_queryset(), SYSTEM, [line], on_account=True, placed_at=placed)
    return customer


def titles(page: Any) -> list[str]:
    """Return who is overdue, in the order of the page."""
    rows = [row for section in page.context["sections"] for row in section.rows]
    return [row.item.title for row in rows if row.item.task.kind == "overdue"]


def give(client: Client, store: Store, customer: Customer, **data: Any) -> Any:
    values = {"store": store.pk, "kind": "overdue", "subject": customer.pk, "assignee": "", **data}
    return client.post(reverse("admin:today_assign"), values, follow=True)


def put_off(client: Client, store: Store, customer: Customer, **data: Any) -> Any:
    values = {"store": store.pk, "kind": "overdue", "subject": customer.pk, **data}
    return client.post(reverse("admin:today_snooze"), values, follow=True)


def test_each_kind_stands_there_with_its_reason(owner: Client, store: Store) -> None:
    ann = debtor(store, "Ann Lee", 47)
    over = CustomerFactory(
        store=store, name="Bo Over", is_account_enabled=True, credit_limit=Decimal(100)
    )
    post_entry(over.as_queryset(), SYSTEM, "house", Decimal(100))
    Customer.objects.filter(pk=over.pk).update(credit_limit=Decimal(60))
    OrderFactory(customer=CustomerFactory(store=store, name="Cy Order"))
    Address.objects.create(store=store, customer=ann, geocode_status="failed")
    duplicate_pair(store)
    WebhookEndpoint.objects.create(
        store=store,
        url="https://hook.example/in",
        events=["*"],
        secret=b"",
        failing_since=timezone.now(),
    )
    ImportJob.objects.create(
        store=store,
        name="people.csv",
        state=State.UNREADABLE,
        problem="No header.",
        actor_name="Mia",
    )
    open_request(ann.as_queryset(), SYSTEM, "access", day(store, -25))
    text = owner.get("/admin/").content.decode()
    for words in (
        "47 days overdue",
        "Bo Over",
        "40.00 over",
        "Cy Order",
        "placed today",
        "1 likely duplicate<",
        "1 address is not on the map",
        "https://hook.example/in refuses messages",
        "people.csv cannot be read",
        "No header.",
        "Ann Lee asks: give me my data",
    ):
        assert words in text, words


def test_oldest_debt_comes_first(owner: Client, store: Store) -> None:
    debtor(store, "Young", 3), debtor(store, "Old", 80), debtor(store, "Middle", 20)
    CustomerFactory(store=store, name="Pays")
    assert titles(owner.get("/admin/"))[:3] == ["Old", "Middle", "Young"]


def test_nothing_to_do_says_so(owner: Client, store: Store) -> None:
    page = owner.get("/admin/")
    assert page.context["sections"] == []
    assert b"Nothing needs a person now." in page.content


def test_a_task_is_given_taken_and_given_back(sign_in: SignIn, store: Store) -> None:
    old, young = debtor(store, "Old", 80), debtor(store, "Young", 3)
    clerk = sign_in("Clerk", store, first_name="Ella", last_name="Marsh")
    manager = sign_in("Manager", store)
    ella = User.objects.get(username="clerk")
    assert messages_of(give(manager, store, young, assignee=ella.pk)) == ["Given to Ella Marsh."]
    page = clerk.get("/admin/")
    assert [section.title for section in page.context["sections"]][:2] == ["Mine", "Overdue"]
    assert titles(page)[:2] == ["Young", "Old"]
    assert titles(clerk.get("/admin/", {"whose": "mine"})) == ["Young"]
    assert "Young" not in titles(manager.get("/admin/", {"whose": "nobody"}))
    assert messages_of(give(clerk, store, old, assignee=ella.pk)) == ["The task is yours now."]
    assert messages_of(give(clerk, store, young)) == ["The task is nobody’s now."]
    assert titles(clerk.get("/admin/", {"whose": "mine"})) == ["Old"]


def test_a_task_that_is_put_off_comes_back_on_its_day(owner: Client, store: Store) -> None:
    old = debtor(store, "Old", 80)
    until = day(store, 3)
    page = put_off(owner, store, old, until=until.isoformat())
    assert messages_of(page) == [f"Put off until {until.day} {until:%b %Y}."]
    assert "Old" not in titles(page)
    assert titles(owner.get("/admin/", {"whose": "snoozed"})) == ["Old"]
    Assignment.objects.filter(store=store).update(snoozed_until=day(store))
    assert "Old" in titles(owner.get("/admin/"))
    put_off(owner, store, old, until="chosen", day=until.isoformat())
    assert messages_of(put_off(owner, store, old, until="", whose="snoozed")) == ["Shown again."]
    assert "Old" in titles(owner.get("/admin/"))


@pytest.mark.parametrize(
    "data",
    [
        {"until": "soon"},
        {"until": "chosen", "day": ""},
        {"until": "2020-01-01"},
        {"until": "2999-01-01"},
    ],
)
def test_a_wrong_day_is_refused(owner: Client, store: Store, data: dict[str, str]) -> None:
    old = debtor(store, "Old", 80)
    [message] = messages_of(put_off(owner, store, old, **data))
    assert message.startswith("Not put off")
    assert not Assignment.objects.exists()


def test_a_task_that_is_done_needs_nobody(owner: Client, store: Store) -> None:
    old = debtor(store, "Old", 80)
    me = User.objects.get(username="owner").pk
    give(owner, store, old, assignee=me)
    post_entry(old.as_queryset(), SYSTEM, "house", Decimal(-10))
    assert titles(owner.get("/admin/", {"whose": "mine"})) == []
    assert messages_of(give(owner, store, old, assignee=me)) == [
        "This is done already, so it needs nobody any more."
    ]


def test_people_of_other_stores_neither_see_nor_get_tasks(sign_in: SignIn, store: Store) -> None:
    other = StoreFactory()
    theirs, ours = debtor(other, "Theirs", 50), debtor(store, "Ours", 50)
    clerk = sign_in("Clerk", store)
    sign_in("Clerk", other, name="stranger")
    stranger = User.objects.get(username="stranger").pk
    assert "Theirs" not in titles(clerk.get("/admin/", {"store": other.pk}))
    assert give(clerk, other, theirs, assignee=stranger).status_code == 404
    assert give(clerk, store, ours, assignee=stranger).status_code == 404
    assert messages_of(give(clerk, store, theirs))[0].startswith("This is done already")
    assert not Assignment.objects.exists()


def test_a_viewer_sees_tasks_and_assigns_none(sign_in: SignIn, store: Store) -> None:
    old = debtor(store, "Old", 80)
    viewer = sign_in("Viewer", store)
    page = viewer.get("/admin/")
    assert "Old" in titles(page)
    assert b"Put off: Old" not in page.content
    assert give(viewer, store, old).status_code == 403


@pytest.mark.parametrize(("kind", "status"), [("nonsense", 400), ("webhook", 403)])
def test_only_tasks_that_one_may_see_are_assigned(
    sign_in: SignIn, store: Store, kind: str, status: int
) -> None:
    old = debtor(store, "Old", 80)
    assert give(sign_in("Clerk", store), store, old, kind=kind).status_code == status
    assert give(sign_in("Manager", store), store, old, subject="x").status_code == 400


def test_counts_stop(owner: Client, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "COUNTED", 2)
    monkeypatch.setattr("config.admin.today.money.COUNTED", 2)
    for number in range(4):
        debtor(store, f"Debtor {number}", 5)
    assert b"2+ customers" in owner.get("/admin/").content


def test_queries_do_not_grow_with_the_tasks(owner: Client, store: Store) -> None:
    def queries() -> int:
        owner.get("/admin/")  # figures are cached now
        with CaptureQueriesContext(
            connection,
        ) as captured:
            owner.get("/admin/")
        return len(captured)

    debtor(store, "First", 5)
    before = queries()
    for number in range(4):
        debtor(store, f"Debtor {number}", 5)
    assert queries() == before
    assert before < 40
