"""Login e-mail addresses, which are unique over all stores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from customers.models import Customer, LoginEmail
from customers.services.customers import (
    create_customer,
    create_login_customer,
    restore_customer,
    update_customer,
)
from orders.services.customers import delete_customer
from stores.actors import SYSTEM
from tests.factories import parsed_fields
from tests.manufacturing.conftest import messages, required_fields, stored
from tests.waiting import call_and_close, until, waiting_for_a_lock

MAIL = "john@example.com"


def test_email_of_any_store_and_dialect_is_taken(portal, other_store):
    create_customer(
        other_store, SYSTEM, parsed_fields({"name": "Till", "email": "JOHN@Example.com"})
    )
    assert messages(portal.call("POST", body=required_fields(email=MAIL)), 409)
    made = portal.create()
    assert messages(portal.call("PUT", f"/{made['id']}", {"name": "X", "email": MAIL}), 409)
    assert portal.get(made) == made


def test_owner_may_send_a_shared_email_again(portal, other_store):
    made = portal.create(email=MAIL)
    create_customer(other_store, SYSTEM, parsed_fields({"name": "Till", "email": MAIL}))
    changed = portal.put(made, {"email": "John@Example.com", "name": "Renamed"})
    assert (changed["email"], changed["name"]) == ("John@Example.com", "Renamed")


def test_email_is_free_after_the_owner_changes_it(portal, rival):
    made = portal.create(email=MAIL)
    target = Customer.objects.filter(pk=made["id"])
    update_customer(target, SYSTEM, parsed_fields({"email": "other@example.com"}))
    assert rival.create(email=MAIL)["email"] == MAIL
    assert messages(portal.call("PUT", f"/{made['id']}", {"email": MAIL}), 409)


def test_email_is_free_after_the_owner_is_deleted(portal, rival):
    made = portal.create(email=MAIL)
    target = Customer.objects.filter(pk=made["id"])
    delete_customer(target, SYSTEM)
    rival.create(email=MAIL)
    restore_customer(target, SYSTEM)  # other dialects check only their own store
    assert portal.put(made, {"email": MAIL, "name": "Back"})["name"] == "Back"


def test_withdrawn_customer_frees_the_email(portal, rival):
    made = portal.create(email=MAIL)
    assert portal.call("DELETE", f"/{made['id']}").json() == {"success": 1}
    assert not LoginEmail.objects.exists()
    rival.create(email=MAIL)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_parallel_creates_in_two_stores_succeed_once(rival, store):
    fields = {"name": "First", "email": MAIL}
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            create_login_customer(store, SYSTEM, parsed_fields(fields))
            second = pool.submit(
                call_and_close, lambda: rival.call("POST", body=required_fields(email=MAIL))
            )
            until(waiting_for_a_lock, 2.5, "it waits for a lock, which it does for three seconds")
        assert messages(second.result(), 409) == ["This email address is already in use"]
    assert [one.name for one in Customer.objects.all()] == ["First"]
    assert LoginEmail.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_parallel_swap_of_emails_keeps_one_owner_each(portal, rival):
    mine, theirs = portal.create(email="a@example.com"), rival.create(email="b@example.com")
    with ThreadPoolExecutor(2) as pool:
        for _ in range(10):
            swaps = [(portal, mine, "b@example.com"), (rival, theirs, "a@example.com")]
            calls = [
                pool.submit(
                    call_and_close, lambda p=p, c=c, m=m: p.call("PUT", f"/{c['id']}", {"email": m})
                )
                for p, c, m in swaps
            ]
            assert {call.result().status_code for call in calls} <= {200, 409}
            mails = {stored(mine).email, stored(theirs).email}
            assert len(mails) == 2
            assert set(LoginEmail.objects.values_list("email_key", flat=True)) == mails
