"""Consent is a history that is never changed; what was said last counts, and each day can be asked for."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.models import ConsentChange, Customer
from customers.models.consent import Channel
from customers.services.consent import record_consent
from customers.services.consent_history import consent_on
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from stores.errors import Invalid
from stores.models import Event, Store
from tests.admin.pages import send
from tests.factories import CustomerFactory
from tests.privacy.person import Doors

DAY = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)  # noon in Sydney


@pytest.fixture
def customer(store: Store) -> Customer:
    return CustomerFactory(store=store, name="Ann Lee")


def say(customer: Customer, state: str, moment: datetime = DAY, **more: Any) -> ConsentChange:
    fields = {"state": state, "valid_from": moment, **more}
    return record_consent(customer.as_queryset(), SYSTEM, fields)


def flag(customer: Customer) -> bool:
    customer.refresh_from_db()
    return customer.marketing_opt_in


def test_flag_is_what_was_said_last(customer: Customer) -> None:
    say(customer, "yes", DAY)
    assert flag(customer)
    assert customer.marketing_opt_in_at == DAY
    say(customer, "no", DAY + timedelta(days=2))
    assert not flag(customer)


def test_an_older_yes_of_an_import_never_beats_a_later_no(customer: Customer) -> None:
    say(customer, "no", DAY)
    customer.refresh_from_db()
    version = customer.version
    say(customer, "yes", DAY - timedelta(days=1), source="import")
    assert not flag(customer)
    assert customer.version == version + 1  # the history tells of it
    assert Event.objects.latest("id").changed == ["consent"]


def test_a_question_that_is_not_answered_is_no_yes(customer: Customer) -> None:
    say(customer, "pending")
    assert not flag(customer)
    say(customer, "yes", DAY + timedelta(hours=1))
    assert flag(customer)


def test_other_channels_leave_the_flag(customer: Customer) -> None:
    say(customer, "yes", channel=Channel.SMS)
    assert not flag(customer)
    assert consent_on(customer, DAY.date(), Channel.SMS).granted


@pytest.mark.parametrize(
    ("day", "answer"), [(9, None), (10, "yes"), (11, "yes"), (12, "no"), (30, "no")]
)
def test_each_day_has_its_answer(customer: Customer, day: int, answer: str | None) -> None:
    say(customer, "yes", DAY)
    say(customer, "no", DAY + timedelta(days=2))
    consent = consent_on(customer, date(2026, 3, day))
    assert (consent.state if consent else None) == answer


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"state": "maybe"}, "choice"),
        ({"state": "yes", "channel": "fax"}, "choice"),
        ({"state": "yes", "valid_from": timezone.now() + timedelta(days=800)}, "in_future"),
    ],
)
def test_wrong_values_are_refused(customer: Customer, fields: Any, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        record_consent(customer.as_queryset(), SYSTEM, fields)
    assert refusal.value.code == code
    assert ConsentChange.objects.count() == 0


@pytest.mark.django_db
def test_api_records_its_dialect(store: Store) -> None:
    doors = Doors(store)
    body = {"email": "ann@example.com", "marketingOptIn": True}
    item = doors.post("/stores/{store}/customers", body)["item"]
    doors.put(f"/stores/{{store}}/customers/{item['id']}", {"marketingOptIn": False})
    changes = ConsentChange.objects.order_by("id")
    assert [(c.state, c.source) for c in changes] == [("yes", "storefront"), ("no", "storefront")]
    assert changes[1].valid_from == Customer.objects.get().marketing_opt_in_at


def test_flag_of_a_form_goes_into_the_history_once(customer: Customer) -> None:
    update_customer(customer.as_queryset(), SYSTEM, {"marketing_opt_in": True})
    update_customer(customer.as_queryset(), SYSTEM, {"marketing_opt_in": True})
    assert [change.state for change in ConsentChange.objects.all()] == ["yes"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_consentchange SET state = 'no'",
        'UPDATE customers_consentchange SET evidence = \'{"ip": "::1"}\'',
        "UPDATE customers_consentchange SET evidence = '{}', state = 'no'",
        "DELETE FROM customers_consentchange",
    ],
)
def test_database_refuses_to_change_a_consent(customer: Customer, statement: str) -> None:
    say(customer, "yes", evidence={"ip": "192.0.2.1"})
    with (
        pytest.raises(Error, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert ConsentChange.objects.get().evidence == {"ip": "192.0.2.1"}
    ConsentChange.objects.update(evidence={})
    assert ConsentChange.objects.get().evidence == {}


def answer_of(customer: Customer, day: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("consent_on", str(customer.uid), "--date", day, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_command_shows_the_proof(customer: Customer) -> None:
    proof = {"wording": "May we write?", "wording_version": "3", "evidence": {"ip": "192.0.2.1"}}
    say(customer, "yes", source="form", **proof)
    answer = answer_of(customer, "2026-03-10")
    assert answer["allowed"]
    assert answer["source"] == "form"
    assert answer["evidence"] == {"ip": "192.0.2.1"}
    assert not answer_of(customer, "2026-03-09")["allowed"]


def test_page_answers_for_a_day_and_records(store: Store, customer: Customer) -> None:
    staff: Client = Doors(store).staff
    url = reverse("admin:customers_customer_add-consent", args=[customer.pk])
    form = {"channel": "email", "state": "yes", "valid_from": "2026-03-10 12:00"}
    form |= {"source": "form", "wording": "May we write?", "note": "Folder 7"}
    send(staff, staff.get(url), **form)
    assert flag(customer)
    page = reverse("admin:customers_customer_consent", args=[customer.pk])
    answer = staff.get(page, {"day": "2026-03-11"})
    assert "E-mail on" in answer.content.decode()
    assert "Folder 7" in answer.content.decode()
    assert [bool(consent) for _, consent in answer.context["answers"]] == [True, False, False]
    assert staff.get(page, {"day": "2026-03-01"}).context["answers"][0][1] is None
