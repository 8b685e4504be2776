"""Every door that can write consent leaves a row with its source and time; the others leave none."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from customers.dialects import packages
from customers.merging.services.merging import merge_customers
from customers.merging.services.unmerging import unmerge_customers
from customers.models import ConsentChange, Customer
from customers.services.consent_history import consent_on
from customers.services.customers import update_customer
from stores.actors import SYSTEM, Actor
from stores.models import Store
from tests.admin.pages import open_page, save, send
from tests.factories import CustomerFactory
from tests.imports.conftest import Importing
from tests.imports.test_move_in import here, move, quick, there, url
from tests.privacy.person import Doors

__all__ = ["here", "quick", "there", "url"]  # fixtures
MIA = Actor("staff", 1, "Mia Novak")
NEW = "Email Address,First Name,OPTIN_TIME,OPTIN_IP,MEMBER_RATING,LEID\nann@example.com,Ann,{},192.0.2.1,2,1\n"
OPTED_IN = datetime(2021, 5, 4, 0, 11, 12, tzinfo=UTC)


def history(customer: Customer) -> list[tuple[str, str]]:
    rows = ConsentChange.objects.filter(store=customer.store_id, customer=customer.pk)
    return [(row.state, row.source) for row in rows.order_by("id")]


def may_write(customer: Customer, day: date | None = None) -> bool:
    """Answer for a day of the store, as the page and the command do; today's is also the flag."""
    consent = consent_on(customer, day or timezone.localdate(timezone=customer.store.tzinfo))
    is_allowed = consent is not None and consent.granted
    if day is None:
        customer.refresh_from_db()
        assert customer.marketing_opt_in is is_allowed
        assert consent is None or consent.valid_from == customer.marketing_opt_in_at
    return is_allowed


def test_shop_api(store: Store) -> None:
    doors = Doors(store)
    item = doors.post("/stores/{store}/customers", {"email": "a@b.com", "marketingOptIn": True})
    customer = Customer.objects.get()
    assert (history(customer), may_write(customer)) == ([("yes", "storefront")], True)
    path = f"/stores/{{store}}/customers/{item['item']['id']}"
    doors.put(path, {"marketingOptIn": False})
    assert (history(customer)[1:], may_write(customer)) == ([("no", "storefront")], False)


def test_other_apis_say_nothing_of_it(store: Store) -> None:
    doors = Doors(store)
    customer = CustomerFactory(store=store, name="Ann", email=doors.email, marketing_opt_in=True)
    said = history(customer)
    for write in (doors.write_in_erp, doors.write_at_till):
        write(customer)
    path = f"/api/v1/customers/cust_{customer.uid.hex}"
    doors.client.ok("PATCH", path, {"first_name": "Anne"})
    assert (history(customer), may_write(customer)) == (said, True)


def test_form_and_page_of_the_back_office(store: Store) -> None:
    staff = Doors(store).staff
    customer = CustomerFactory(store=store, name="Ann Lee")
    save(staff, open_page(staff, "customers_customer", customer.pk), marketing_opt_in="on")
    assert (history(customer), may_write(customer)) == ([("yes", "admin")], True)
    url = reverse("admin:customers_customer_add-consent", args=[customer.pk])
    form = {"channel": "email", "state": "no", "source": "phone", "wording": "Still news?"}
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        send(staff, staff.get(url), **form)
    assert (history(customer)[1:], may_write(customer)) == ([("no", "phone")], False)
    assert ConsentChange.objects.latest("id").wording == "Still news?"


def test_import_keeps_the_time_and_the_proof(store: Store) -> None:
    job = Importing(store).run(NEW.format("2021-05-04 10:11:12"))
    customer = Customer.objects.get()
    assert (history(customer), may_write(customer)) == ([("yes", "import")], True)
    row = ConsentChange.objects.get()
    assert row.valid_from == OPTED_IN
    assert row.evidence == {"text": "2021-05-04 10:11:12", "ip": "192.0.2.1"}
    assert row.actor_name == f"Mia Novak, import of {job.name}"
    assert not may_write(customer, date(2021, 5, 3))
    assert may_write(customer, date(2021, 5, 4))


@pytest.mark.parametrize("when", ["soon", "2199-01-01 10:00"])
def test_import_keeps_a_time_that_proves_nothing_in_the_notes(store: Store, when: str) -> None:
    Importing(store).run(NEW.format(when))
    customer = Customer.objects.get()
    assert customer.notes == f"Marketing agreed: {when} from 192.0.2.1"
    assert may_write(customer)


def test_an_older_yes_of_an_import_never_beats_a_later_no(store: Store) -> None:
    customer = CustomerFactory(store=store, name="Ann", email="ann@example.com")
    update_customer(customer.as_queryset(), MIA, {"marketing_opt_in": True})
    update_customer(customer.as_queryset(), MIA, {"marketing_opt_in": False})
    said = history(customer)
    Importing(store).run(NEW.format("2021-05-04 10:11:12"))
    Importing(store).run("Email,First Name,Marketing\nann@example.com,Ann,yes\n")
    assert (history(customer), may_write(customer)) == (said, False)


def test_an_older_no_of_an_import_never_beats_a_later_yes(store: Store) -> None:
    customer = CustomerFactory(
        store=store, name="Ann", email="ann@example.com", marketing_opt_in=True
    )
    file = "Email Address,First Name,UNSUB_TIME,MEMBER_RATING,LEID,EUID\nann@example.com,Ann,{},2,1,1\n"
    Importing(store).run(file.format("2021-05-04"))
    assert (history(customer), may_write(customer)) == ([("yes", "system")], True)
    Importing(store).run(file.format(timezone.now().isoformat()))
    assert (history(customer)[1:], may_write(customer)) == ([("no", "import")], False)


def test_taking_an_import_back_takes_its_consent_back(store: Store) -> None:
    customer = CustomerFactory(store=store, name="Ann", email="ann@example.com")
    importing = Importing(store)
    job = importing.run(NEW.format("2021-05-04 10:11:12"))
    assert may_write(customer)
    importing.undo(job)
    customer.refresh_from_db()
    assert [state for state, _ in history(customer)] == ["yes", "no"]
    assert not customer.marketing_opt_in


def test_command_that_imports(store: Store, tmp_path: Any) -> None:
    file = tmp_path / "people.csv"
    file.write_text(NEW.format("2021-05-04 10:11:12"))
    call_command("import_customers", str(file), "--store", str(store.uid), verbosity=0)
    customer = Customer.objects.get()
    assert (history(customer), may_write(customer)) == ([("yes", "import")], True)


def test_merging_and_taking_apart(store: Store) -> None:
    kept = CustomerFactory(store=store, name="Ann", marketing_opt_in=True)
    away = CustomerFactory(store=store, name="Anne", marketing_opt_in=True)
    update_customer(away.as_queryset(), MIA, {"marketing_opt_in": False})
    merge = merge_customers(kept.as_queryset(), away.as_queryset(), MIA)
    kept.refresh_from_db()
    assert (kept.marketing_opt_in, may_write(kept)) == (False, False)
    unmerge_customers(merge.as_queryset(), MIA)
    assert (may_write(kept), may_write(away)) == (True, False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dialect", sorted(packages()))
def test_moving_in_and_following(there: Store, here: Store, url: str, dialect: str) -> None:
    source = CustomerFactory(store=there, email="ann@example.com", marketing_opt_in=True)
    move(dialect, url, here)
    customer = Customer.objects.get(store=here)
    is_told = dialect == "storefront"
    assert history(customer) == ([("yes", "import")] if is_told else [])
    assert may_write(customer) is is_told
    update_customer(source.as_queryset(), SYSTEM, {"marketing_opt_in": False})
    move(dialect, url, here, "--sync")
    assert history(customer)[1:] == ([("no", "import")] if is_told else [])
    assert may_write(customer) is False
    update_customer(source.as_queryset(), SYSTEM, {"marketing_opt_in": True})
    move(dialect, url, here, "--sync")
    assert may_write(customer) is False  # who said no here is asked here
