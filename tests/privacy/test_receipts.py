"""Systems are told of an erasure and confirm it; a person who returns is flagged; a backup is found out."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from customers.canonical import phone_from_text
from customers.models import Customer
from customers.privacy.models import ErasedMark, Erasure, ErasureReceipt
from customers.privacy.services.certificate import certificate_of
from customers.privacy.services.confirming import confirm_receipt
from customers.privacy.services.erasing import erase_customer
from customers.privacy.services.marks import was_erased
from customers.privacy.services.receipts import refresh_receipts
from stores.actors import SYSTEM
from stores.errors import Invalid
from stores.models import Event, Store, WebhookDelivery
from stores.webhooks.endpoints import create_endpoint
from tests.admin.pages import send
from tests.factories import CustomerFactory
from tests.privacy.person import EMAIL, PHONE_DIGITS, Doors


@pytest.fixture
def erasure(store: Store) -> Erasure:
    doors = Doors(store)
    create_endpoint(store, {"url": "https://hooks.example.com/a", "events": ["*"]})
    doors.create_in_portal()
    return erase_customer(Customer.objects.get().as_queryset(), SYSTEM)


def receipt(kind: str) -> ErasureReceipt:
    return ErasureReceipt.objects.select_related("erasure").get(kind=kind)


def test_receivers_and_keys_are_expected_to_confirm(erasure: Erasure) -> None:
    names = {(row.kind, row.name) for row in refresh_receipts(erasure)}
    assert names == {("endpoint", "https://hooks.example.com/a"), ("key", "all")}


def test_told_when_the_message_arrived(erasure: Erasure) -> None:
    assert receipt("endpoint").told_at is None
    now = timezone.now()
    event = Event.objects.get(uid=erasure.event_uid)
    WebhookDelivery.objects.filter(event=event).update(delivered_at=now, status="delivered")
    refresh_receipts(erasure)
    assert receipt("endpoint").told_at == now


@pytest.mark.parametrize(("days", "overdue"), [(6, 0), (7, 7), (20, 7), (21, 21), (60, 28)])
def test_overdue_after_7_21_and_28_days(erasure: Erasure, days: int, overdue: int) -> None:
    Erasure.objects.update(erased_at=timezone.now() - timedelta(days=days))
    assert receipt("key").overdue_days == overdue


def test_a_tick_needs_a_note(erasure: Erasure) -> None:
    target = receipt("key").as_queryset()
    with pytest.raises(Invalid):
        confirm_receipt(target, SYSTEM, " ")
    confirm_receipt(target, SYSTEM, "Mail of Bo, 3 December")
    Erasure.objects.update(erased_at=timezone.now() - timedelta(days=60))
    assert receipt("key").overdue_days == 0


def test_certificate_is_signed_and_names_nobody(erasure: Erasure, store: Store) -> None:
    certificate = certificate_of(erasure, refresh_receipts(erasure))
    assert {row["what"] for row in certificate["erased"]} >= {"Addresses", "Customer", "History"}
    assert len(certificate["sha256"]) == 64
    staff = Doors(store).staff
    url = reverse("admin:privacy_erasure_certificate", args=[erasure.pk])
    page = staff.get(url).content.decode()
    assert "hooks.example.com" in page
    assert "zebrabaum" not in page.lower()
    assert staff.get(url, {"format": "json"}).json()["certificate"] == str(erasure.uid)
    confirm = reverse("admin:privacy_erasurereceipt_confirm", args=[receipt("key").pk])
    answer = send(staff, staff.get(confirm), note="Called")
    assert "Called" in answer.content.decode()
    assert staff.get(reverse("admin:privacy_erasure_changelist")).status_code == 200


@pytest.mark.parametrize("name", ["change", "certificate"])
def test_certificate_needs_its_right(erasure: Erasure, store: Store, name: str) -> None:
    staff, user = Client(), User.objects.create_user("nobody", is_staff=True)
    user.stores.add(store)
    staff.force_login(user, "django.contrib.auth.backends.ModelBackend")
    url = reverse(f"admin:privacy_erasure_{name}", args=[erasure.pk])
    assert staff.get(url).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_erasure"))
    assert staff.get(url).status_code == 200


def test_a_returning_person_is_flagged_by_either(erasure: Erasure, store: Store) -> None:
    assert was_erased(store, email_key=EMAIL)
    assert was_erased(store, phone_e164=phone_from_text(f"+61 {PHONE_DIGITS}", "AU").e164)
    assert not was_erased(store, email_key="other@example.com")
    customer = CustomerFactory(store=store, name="Back again", email=EMAIL)
    page = Doors(store).staff.get(reverse("admin:customers_customer_privacy", args=[customer.pk]))
    assert "was erased before" in page.content.decode()


def test_marks_are_of_one_store_and_survive_a_new_key(
    erasure: Erasure, other_store: Store, settings: Any
) -> None:
    assert not was_erased(other_store, email_key=EMAIL)
    assert not any("zebrabaum" in mark.digest for mark in ErasedMark.objects.all())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 8
    assert was_erased(erasure.store, email_key=EMAIL)


def verify() -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command("verify_privacy", stdout=out)
    except SystemExit as ended:
        return out.getvalue(), int(ended.code or 0)
    return out.getvalue(), 0


def test_verify_finds_what_came_back(erasure: Erasure) -> None:
    assert verify() == ("Nothing is left of 1 erased customers.\n", 0)
    Customer.objects.update(notes="Back from a backup")
    Event.objects.filter(type="customer.created").update(before={"name": "Ann"})
    text, code = verify()
    assert code == 1
    assert "1 rows left in Customer" in text
    assert "1 rows left in History" in text
