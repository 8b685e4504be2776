"""Letters go out by a real mail server, once each, and to nobody who must not be written to."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from customers.models import Customer
from customers.models.ledger import Account
from customers.services.editing import unit_of_work
from orders.letters.recipients import address_of
from orders.models import Letter, LetterSettings, LetterText
from orders.services import mailing
from orders.services.accounts import post_entry
from orders.services.letter_runs import (
    preview_reminders,
    preview_statements,
    queue_reminders,
    queue_statements,
)
from orders.services.letter_texts import save_text
from orders.services.letters import queue_statement
from orders.services.mailing import remind_by_itself, send_waiting
from orders.services.resending import send_again
from orders.statements.periods import Period
from stores.actors import SYSTEM
from stores.errors import Conflict, Invalid
from tests.factories import CustomerFactory
from tests.mail_server import MailServer, mail_server
from tests.orders.accounts import order_of

JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))
UNKNOWN = "The connection broke"


@pytest.fixture(autouse=True)
def _in_july():
    with time_machine.travel(at(date(2026, 7, 3)), tick=False):
        yield


@pytest.fixture
def server(settings):
    with mail_server(settings) as running:
        yield running


@pytest.fixture
def debtor(store) -> Customer:
    """Create a customer who owes 40.00 that was due on 9 June."""
    return owing(store, "Ann Lee", email="ann@example.com", cc_email="copy@example.com")


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def owing(store, name: str, **fields) -> Customer:
    customer = CustomerFactory(
        store=store, name=name, is_account_enabled=True, payment_terms="net_7", **fields
    )
    with time_machine.travel(at(date(2026, 6, 2)), tick=False):
        order_of(customer, "40")
    return customer


def queue(customer: Customer) -> Letter:
    return queue_statement(customer.as_queryset(), SYSTEM, JUNE)


def state(letter: Letter) -> tuple[str, str]:
    letter.refresh_from_db()
    return letter.state, letter.error


def pay(customer: Customer, amount: str) -> None:
    post_entry(customer.as_queryset(), SYSTEM, Account.HOUSE, -Decimal(amount))


def remind(store, day: date) -> list[int]:
    """Queue and send the reminders of a day, those of its preview. Return their levels."""
    with time_machine.travel(at(day), tick=False):
        before = set(Letter.objects.values_list("pk", flat=True))
        preview = preview_reminders(store, day)
        assert queue_reminders(store, SYSTEM, day) == preview.count
        send_waiting()
        rows = Letter.objects.exclude(pk__in=before).order_by("pk")
        levels = [letter.level for letter in rows]
        assert Counter(levels) == preview.by_level
        return levels


# --- one letter


def test_statement_arrives_with_its_pdf(server: MailServer, debtor: Customer) -> None:
    letter = queue(debtor)
    assert send_waiting() == 1
    [message] = server.messages
    assert (message["To"], message["Cc"]) == ("ann@example.com", "copy@example.com")
    assert message["Subject"] == f"Your statement from {debtor.store.name}"
    text, pdf = message.get_payload()
    assert "1 June 2026 to 30 June 2026" in text.get_payload(decode=True).decode()
    assert pdf.get_filename() == f"statement-{debtor.pk}-2026-06-30.pdf"
    assert pdf.get_payload(decode=True).startswith(b"%PDF-")
    assert state(letter) == ("sent", "")
    assert (letter.amount, letter.sent_at) == (40, timezone.now())
    assert send_waiting() == 0
    assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["Buyer", "Accounts payable"], "contact1@example.com"),
        (["Buyer"], "ann@example.com"),
        ([], "ann@example.com"),
    ],
)
def test_bills_go_to_the_contact_for_bills(store, titles, expected) -> None:
    contacts = [
        {"name": title, "title": title, "email": f"contact{index}@example.com"}
        for index, title in enumerate(titles)
    ]
    customer = CustomerFactory(store=store, email="ann@example.com", contacts=contacts)
    assert address_of(customer) == expected


def test_contact_is_written_to_when_the_customer_has_no_address(store) -> None:
    contacts = [{"name": "Bo", "email": "bo@example.com"}]
    assert address_of(CustomerFactory(store=store, email="", contacts=contacts)) == "bo@example.com"


def test_customer_without_address(store) -> None:
    with pytest.raises(Invalid, match="no_email"):
        queue(owing(store, "Ann", email=""))


@pytest.mark.parametrize("column", ["restricted_at", "deleted_at", "merged_into"])
def test_who_must_not_be_written_to(server: MailServer, debtor: Customer, column) -> None:
    letter = queue(debtor)
    other = CustomerFactory(store=debtor.store)
    now = timezone.now()
    changes = (
        {"merged_into": other, "deleted_at": now} if column == "merged_into" else {column: now}
    )
    debtor.as_queryset().update(**changes)
    with pytest.raises(Conflict, match="no_letters"):
        queue(debtor)
    queue_reminders(debtor.store, SYSTEM, date(2026, 7, 3))
    assert preview_statements(debtor.store).count == 0
    assert send_waiting() == 0
    assert state(letter) == ("dropped", "")
    assert server.messages == []
    assert Letter.objects.count() == 1


# --- faults of the mail server


def test_refused_for_good(server: MailServer, debtor: Customer) -> None:
    server.refusals["RCPT"] = "550 no such mailbox"
    letter = queue(debtor)
    assert send_waiting() == 0
    assert state(letter) == ("failed", "The mail server refused it: 550 no such mailbox")
    server.refusals.clear()
    assert send_waiting() == 0
    send_again(letter.as_queryset())
    assert send_waiting() == 1
    with pytest.raises(Conflict, match="letter_not_failed"):
        send_again(letter.as_queryset())


def test_refused_for_now(server: MailServer, debtor: Customer) -> None:
    server.refusals["DATA"] = "451 come back later"
    letter = queue(debtor)
    assert send_waiting() == send_waiting() == 0
    assert len(server.messages) == 1  # it did not try again at once
    assert state(letter)[0] == "waiting"
    server.refusals.clear()
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert send_waiting() == 1
    assert state(letter)[0] == "sent"


def test_one_refused_letter_does_not_stop_the_next(server: MailServer, store) -> None:
    letters = [queue(owing(store, name, email=f"{name}@example.com")) for name in ("ann", "ben")]
    Letter.objects.filter(pk=letters[0].pk).update(address="a\nb@example.com")
    assert send_waiting() == 1
    assert [state(letter)[0] for letter in letters] == ["failed", "sent"]


def test_server_that_is_down(server: MailServer, debtor: Customer, settings) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    letter = queue(debtor)
    with pytest.raises(OSError):
        send_waiting()
    assert state(letter) == ("waiting", "")
    settings.EMAIL_PORT = port
    assert send_waiting() == 1


def test_connection_that_breaks_while_sending(server: MailServer, debtor: Customer) -> None:
    server.breaks_off = True
    letter = queue(debtor)
    with pytest.raises(Exception, match="closed"):
        send_waiting()
    assert state(letter)[0] == "failed"
    assert state(letter)[1].startswith(UNKNOWN)
    server.breaks_off = False
    assert send_waiting() == 0


def test_worker_that_dies_after_sending(server: MailServer, debtor: Customer, monkeypatch) -> None:
    def die(*args, **columns):
        raise KeyboardInterrupt

    letter = queue(debtor)
    with monkeypatch.context() as patch:
        patch.setattr(mailing, "note", die)
        with pytest.raises(KeyboardInterrupt):
            send_waiting()
    assert send_waiting() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert send_waiting() == 0
    assert state(letter)[1].startswith(UNKNOWN)
    assert len(server.messages) == 1


def test_another_worker_has_it(server: MailServer, debtor: Customer, monkeypatch) -> None:
    letter = queue(debtor)
    stale = list(mailing.to_send())
    assert send_waiting() == 1
    monkeypatch.setattr(mailing, "to_send", lambda: Letter.objects.filter(pk__in=[stale[0].pk]))
    assert send_waiting() == 0
    assert state(letter)[0] == "sent"
    assert len(server.messages) == 1


# --- to all who owe


def test_statements_to_all_who_owe(server: MailServer, store, debtor: Customer) -> None:
    owing(store, "No address", email="")
    CustomerFactory(store=store, email="owes-nothing@example.com")
    preview = preview_statements(store)
    assert (preview.count, preview.amount, preview.without_address) == (1, 40, 1)
    assert queue_statements(store, SYSTEM, JUNE) == 1
    assert queue_statements(store, SYSTEM, JUNE) == 0  # it waits already
    assert send_waiting() == 1


def test_reminders_follow_each_other(server: MailServer, store, debtor: Customer) -> None:
    due = date(2026, 6, 9)
    days = (6, 7, 8, 20, 21, 34, 35, 60)
    levels = [remind(store, due + timedelta(days=day)) for day in days]
    assert levels == [[], [1], [], [], [2], [], [3], []]
    subjects = [message["Subject"] for message in server.messages]
    assert [subject.split(":")[0] for subject in subjects] == [
        "Reminder",
        "Second reminder",
        "Last reminder",
    ]
    text = server.messages[0].get_payload(decode=True).decode()
    number = debtor.orders.get().number
    assert f"{number}: AUD 40.00, due on 9 June 2026, 7 days overdue" in text


def test_old_debt_begins_with_the_first_reminder(server: MailServer, store, debtor) -> None:
    late = date(2026, 6, 9) + timedelta(days=50)
    levels = [remind(store, late + timedelta(days=day)) for day in (0, 1, 13, 14)]
    assert levels == [[1], [], [], [2]]


def test_next_debt_begins_again(server: MailServer, store, debtor) -> None:
    assert remind(store, date(2026, 7, 1)) == [1]
    with time_machine.travel(at(date(2026, 7, 2)), tick=False):
        pay(debtor, "40")
        order_of(debtor, "30")  # due on the 9th
    assert [remind(store, date(2026, 7, day)) for day in (10, 16, 17)] == [[], [1], []]


def test_paid_before_it_is_sent(server: MailServer, store, debtor: Customer) -> None:
    assert queue_reminders(store, SYSTEM, date(2026, 7, 3)) == 1
    pay(debtor, "40")
    assert send_waiting() == 0
    assert state(Letter.objects.get())[0] == "dropped"
    assert server.messages == []


def test_preview_of_reminders(store, debtor: Customer) -> None:
    owing(store, "No address", email="")
    preview = preview_reminders(store, date(2026, 7, 3))
    assert (preview.count, preview.amount, preview.without_address) == (1, 40, 1)
    assert preview.by_level == {1: 1}
    remind(store, date(2026, 7, 3))
    owing(store, "Fresh", email="fresh@example.com")
    later = preview_reminders(store, date(2026, 7, 17))
    assert (later.count, later.amount, later.without_address) == (2, 80, 1)
    assert later.by_level == {1: 1, 2: 1}
    chosen = preview_reminders(store, date(2026, 7, 17), [debtor.pk])
    assert (chosen.count, chosen.without_address, chosen.by_level) == (1, 0, {2: 1})


def test_reminder_is_unique_in_the_database(store, debtor: Customer) -> None:
    queue_reminders(store, SYSTEM, date(2026, 7, 3))
    letter = Letter.objects.get()
    letter.pk, letter.uid = None, debtor.uid
    with pytest.raises(Conflict, match="reminded_already"), unit_of_work():
        letter.insert()


def test_reminds_by_itself_only_where_it_is_switched_on(store, debtor: Customer) -> None:
    remind_by_itself()
    settings = LetterSettings.objects.create(store=store)
    remind_by_itself()
    assert not Letter.objects.exists()
    settings.reminds_by_itself = True
    settings.save()
    remind_by_itself()
    remind_by_itself()
    assert Letter.objects.get().actor_name == SYSTEM.name


# --- texts


def text_of(store, **fields) -> LetterText:
    usual = {"level": 1, "days_overdue": 5, "subject": "{customer}: {overdue}", "body": "{orders}"}
    return LetterText(store=store, **usual | fields)


def test_text_of_the_store(server: MailServer, store) -> None:
    owing(store, "Braces {balance} Ltd", email="ann@example.com")
    LetterSettings.objects.create(store=store, how_to_pay="Bank 1", reply_to="shop@example.com")
    save_text(text_of(store, body="Dear {customer}, {{soon}}: {how_to_pay}"))
    assert remind(store, date(2026, 6, 14)) == [1]
    [message] = server.messages
    assert message["Subject"] == "Braces {balance} Ltd: AUD 40.00"
    assert message["Reply-To"] == "shop@example.com"
    text = message.get_payload(decode=True).decode()
    assert text.strip() == "Dear Braces {balance} Ltd, {soon}: Bank 1"


@pytest.mark.parametrize(
    "body", ["{total}", "{customer", "}", "{customer.store}", "{customer!r}", "{balance:>9}", "{}"]
)
def test_placeholder_that_stands_for_nothing(store, body) -> None:
    for field in ("subject", "body"):
        with pytest.raises(Invalid, match="placeholder"):
            save_text(text_of(store, **{field: body}))
    assert not LetterText.objects.exists()


@pytest.mark.parametrize(
    ("level", "days", "code"),
    [(1, 21, "days_in_order"), (2, 7, "days_in_order"), (3, None, "required")],
)
def test_days_of_reminders(store, level, days, code) -> None:
    with pytest.raises(Invalid, match=code):
        save_text(text_of(store, level=level, days_overdue=days))


def test_one_text_of_a_kind(store) -> None:
    save_text(text_of(store))
    with pytest.raises(Conflict, match="letter_text_exists"):
        save_text(text_of(store))
