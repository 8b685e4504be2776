"""Send letters from the back office: one from the statement, or to all who owe after a preview."""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import Customer
from orders.models import Letter, LetterSettings, LetterText
from tests.admin.pages import act, read_customer, save, send
from tests.factories import CustomerFactory, StoreFactory
from tests.orders.accounts import order_of

STATEMENTS = "admin:orders_letter_send-statements"
REMINDERS = "admin:orders_letter_send-reminders"
LOG = "admin:orders_letter_changelist"


@pytest.fixture
def debtor(store) -> Customer:
    customer = CustomerFactory(
        store=store, name="Ann Lee", email="ann@example.com", is_account_enabled=True
    )
    order_of(customer, "40")
    customer.charges.update(due_on=timezone.localdate() - timedelta(days=10))
    return customer


def send_one(client: Client, customer: Customer, query: str = "?first=2026-06-01&last=2026-06-30"):
    url = reverse("admin:customers_customer_send-statement", args=[customer.pk])
    return client.post(url + query, follow=True)


def text_of(answer) -> str:
    return answer.content.decode()


def test_send_one_statement(owner: Client, debtor: Customer) -> None:
    page = text_of(send_one(owner, debtor))
    assert "The worker sends the statement to ann@example.com." in page
    assert "Waits for the worker" in page
    letter = Letter.objects.get()
    assert (letter.first_day, letter.last_day) == (date(2026, 6, 1), date(2026, 6, 30))
    assert letter.actor_name == "owner"
    assert "Waits for the worker" in text_of(read_customer(owner, debtor.pk))


def test_refusal_is_shown_on_the_statement(owner: Client, debtor: Customer) -> None:
    debtor.as_queryset().update(email="")
    assert "The customer has no e-mail address" in text_of(send_one(owner, debtor))
    assert not Letter.objects.exists()


def test_days_that_cannot_be(owner: Client, debtor: Customer) -> None:
    answer = send_one(owner, debtor, "?first=2026-06-30&last=2026-06-01")
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert not Letter.objects.exists()


@pytest.mark.parametrize("name", [STATEMENTS, REMINDERS])
def test_send_to_all_who_owe(owner: Client, debtor: Customer, name: str) -> None:
    CustomerFactory(store=debtor.store, email="owes-nothing@example.com")
    page = owner.get(reverse(name))
    noun = "statement" if name == STATEMENTS else "reminder"
    assert f"Send 1 {noun}" in text_of(page)
    assert "AUD 40.00" in text_of(page)
    assert not Letter.objects.exists()
    done = send(owner, page)
    assert f"The worker sends 1 {noun} now." in text_of(done)
    assert "Ann Lee" in text_of(done)
    again = send(owner, page)  # a double click
    assert "It took effect once." in text_of(again)
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("noun", ["statement", "reminder"])
def test_send_to_ticked_customers(owner: Client, debtor: Customer, noun: str) -> None:
    other = CustomerFactory(store=debtor.store, name="Bo", is_account_enabled=True)
    order_of(other, "70")
    other.charges.update(due_on=timezone.localdate() - timedelta(days=10))
    owes_nothing = CustomerFactory(store=debtor.store, name="Cy", email="cy@example.com")
    unreachable = CustomerFactory(store=debtor.store, name="Di", email="", is_account_enabled=True)
    order_of(unreachable, "5")
    unreachable.charges.update(due_on=timezone.localdate() - timedelta(days=10))
    ticked = (debtor, owes_nothing, unreachable)
    page = act(owner, f"send_{noun}s", *ticked)
    count = 2 if noun == "statement" else 1
    plural = "s" if count > 1 else ""
    assert f"Send {count} {noun}{plural}" in text_of(page)
    assert "AUD 40.00" in text_of(page)
    assert "Without an e-mail address" in text_of(page)
    assert ("1 of 3 chosen customers gets none" in text_of(page)) == (noun == "reminder")
    assert not Letter.objects.exists()
    done = send(owner, page)
    assert f"The worker sends {count} {noun}{plural} now." in text_of(done)
    assert "Ann Lee" in text_of(done)
    again = send(owner, page)  # a double click
    assert "It took effect once." in text_of(again)
    expected = {"ann@example.com"} | ({"cy@example.com"} if noun == "statement" else set())
    assert set(Letter.objects.values_list("address", flat=True)) == expected


def test_ticked_customers_of_two_stores(owner: Client, debtor: Customer) -> None:
    abroad = CustomerFactory(
        store=StoreFactory(currency="JPY"), email="kenji@example.jp", is_account_enabled=True
    )
    order_of(abroad, "700")
    page = act(owner, "send_statements", debtor, abroad)
    assert "AUD 40.00" in text_of(page)
    assert "JPY 700" in text_of(page)
    send(owner, page)
    assert set(Letter.objects.values_list("store", flat=True)) == {debtor.store_id, abroad.store_id}


def test_ticked_customers_who_may_get_no_letters(owner: Client, debtor: Customer) -> None:
    debtor.as_queryset().update(restricted_at=timezone.now())
    page = text_of(act(owner, "send_statements", debtor))
    assert "1 of 1 chosen customer gets none: deleted or restricted" in page
    assert "None of these customers is to get one today." in page


@pytest.mark.parametrize(("group", "is_allowed"), [("Viewer", False), ("Clerk", True)])
def test_who_may_send_to_ticked(sign_in, debtor: Customer, group: str, is_allowed: bool) -> None:
    page = act(sign_in(group, debtor.store), "send_statements", debtor)
    assert ("Send 1 statement" in text_of(page)) == is_allowed


def test_nobody_owes(owner: Client, customer: Customer) -> None:
    page = text_of(owner.get(reverse(REMINDERS)))
    assert f"Nobody of {customer.store} is to get one today." in page
    assert "submit" not in page.split('id="content"')[1]


@pytest.mark.parametrize(("group", "status"), [("Viewer", 403), ("Clerk", 200), ("Manager", 200)])
def test_who_may_send(sign_in, debtor: Customer, group: str, status: int) -> None:
    client = sign_in(group, debtor.store)
    assert client.get(reverse(STATEMENTS)).status_code == status
    assert send_one(client, debtor).status_code == status
    assert client.get(reverse(LOG)).status_code == 200
    assert Letter.objects.exists() == (status == 200)


def test_other_stores_are_out_of_reach(sign_in, debtor: Customer) -> None:
    stranger = sign_in("Manager", StoreFactory())
    url = f"{reverse(STATEMENTS)}?store={debtor.store.pk}"
    assert stranger.get(url).status_code == HTTPStatus.NOT_FOUND
    assert send_one(stranger, debtor).status_code == HTTPStatus.NOT_FOUND
    assert "Ann Lee" not in text_of(stranger.get(reverse(LOG)))


def test_send_again(owner: Client, debtor: Customer) -> None:
    send_one(owner, debtor)
    Letter.objects.update(state="failed", error="The mail server refused it: 550 no")
    letter = Letter.objects.get()
    page = text_of(owner.get(reverse("admin:orders_letter_change", args=[letter.pk])))
    assert "550 no" in page
    url = reverse("admin:orders_letter_again", args=[letter.pk])
    assert url in page
    assert "The worker sends it again." in text_of(owner.post(url, follow=True))
    assert "was sent, or still waits" in text_of(owner.post(url, follow=True))


def test_text_with_an_unknown_placeholder_is_refused(owner: Client, store) -> None:
    page = owner.get(reverse("admin:orders_lettertext_add"))
    wishes = {"store": store.pk, "level": 1, "days_overdue": 7, "subject": "Pay {sum}"}
    answer = save(owner, page, **wishes, body="{orders}")
    assert "Between braces stands one of these: {customer}" in text_of(answer)
    assert not LetterText.objects.exists()
    save(owner, page, **wishes | {"subject": "Pay {overdue}"}, body="{orders}")
    assert LetterText.objects.get().subject == "Pay {overdue}"


def test_settings_of_a_store_once(owner: Client, store) -> None:
    page = owner.get(reverse("admin:orders_lettersettings_add"))
    save(owner, page, store=store.pk, how_to_pay="Bank 1")
    answer = save(owner, page, store=store.pk, how_to_pay="Bank 2")
    assert "The store has its letter settings already." in text_of(answer)
    assert LetterSettings.objects.get().how_to_pay == "Bank 1"
