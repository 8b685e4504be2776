"""Conflicts are decided by hand on the page of their import: one at a time, or all in the same way."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from customers.imports.models import ImportJob, State
from customers.imports.services import working
from customers.imports.services.working import work_on_all
from customers.models import Customer
from customers.services.customers import update_customer
from stores.actors import SYSTEM
from stores.models import ApiKey, Event, Store
from tests.admin.conftest import SignIn, quick_passwords, sign_in
from tests.factories import CustomerFactory, StoreFactory
from tests.imports.conftest import Importing, counts
from tests.imports.test_wizard import text_of, url

pytestmark = pytest.mark.django_db
__all__ = ["quick_passwords", "sign_in"]


@pytest.fixture
def manager(sign_in: SignIn, store: Store) -> Client:
    return sign_in("Manager", store)


@pytest.fixture
def changed_since(importing: Importing) -> ImportJob:
    """Return an import that met two customers whom somebody had changed since its check."""
    for number in (1, 2):
        CustomerFactory(store=importing.store, external_id=str(number), name="Ann", email=None)
    job = importing.check("external_id,name,notes\n1,Ann Lee,Hi\n2,Ann Ray,Hi\n")
    for customer in Customer.objects.filter(store=importing.store):
        update_customer(customer.as_queryset(), SYSTEM, {"name": "Anna"})
    importing.step(job, State.RUNNING)
    assert counts(job) == {"conflict": 2}
    return job


def decide(client: Client, job: ImportJob, decision: str, line: int = 0) -> Any:
    data = {"decision": decision}
    if line:
        data["row"] = str(job.rows.get(line=line).pk)
    response = client.post(url("decide", job), data, follow=True)
    job.reload()
    return response


def names(store: Store) -> list[str]:
    rows = Customer.objects.filter(store=store).order_by("external_id", "pk")
    return list(rows.column("name"))


def test_a_conflict_shows_what_is_there_now_and_what_would_come(
    manager: Client, changed_since: ImportJob
) -> None:
    text = text_of(manager.get(url("change", changed_since) + "?kind=conflict"))
    assert "name after the check" in text
    assert "Name Anna becomes Ann Lee" in text
    assert "Keep ours: all 2" in text
    assert "Take theirs: all 2" in text


def test_one_conflict_is_decided_and_written(
    manager: Client, importing: Importing, changed_since: ImportJob
) -> None:
    text = text_of(decide(manager, changed_since, "theirs", line=2))
    assert "Decided: 1." in text
    assert counts(changed_since) == {"update": 1, "conflict": 1}
    assert names(importing.store) == ["Anna", "Anna"]
    assert "Import 1 more" in text_of(manager.get(url("change", changed_since)))
    manager.post(url("run", changed_since))
    work_on_all()
    assert names(importing.store) == ["Ann Lee", "Anna"]
    changed_since.reload()
    assert (changed_since.state, counts(changed_since)) == (
        State.DONE,
        {"update": 1, "conflict": 1},
    )
    importing.undo(changed_since)
    assert names(importing.store) == ["Anna", "Anna"]


def test_all_conflicts_are_decided_at_once(
    manager: Client, importing: Importing, changed_since: ImportJob
) -> None:
    events = Event.objects.filter(store=importing.store).count()
    decide(manager, changed_since, "ours")
    assert counts(changed_since) == {"same": 2}
    assert "more" not in text_of(manager.get(url("change", changed_since)))
    manager.post(url("run", changed_since))
    changed_since.reload()
    assert changed_since.state == State.DONE
    assert Event.objects.filter(store=importing.store).count() == events


def test_a_change_after_the_decision_is_a_conflict_again(
    manager: Client, importing: Importing, changed_since: ImportJob
) -> None:
    decide(manager, changed_since, "theirs")
    update_customer(importing.customer(external_id="1").as_queryset(), SYSTEM, {"name": "Annabel"})
    manager.post(url("run", changed_since))
    work_on_all()
    changed_since.reload()
    assert counts(changed_since) == {"update": 1, "conflict": 1}
    assert names(importing.store) == ["Annabel", "Ann Ray"]


@pytest.mark.parametrize(
    ("decision", "plan", "after"),
    [
        ("theirs", {"update": 1}, [("Brett Bakersfield", "hello")]),
        ("new", {"create": 1}, [("Brett Bakersfield", ""), ("Brett Bakersfield", "hello")]),
        ("ours", {"same": 1}, [("Brett Bakersfield", "")]),
    ],
)
def test_who_may_be_somebody_of_the_book_is_decided(
    manager: Client,
    importing: Importing,
    decision: str,
    plan: dict[str, int],
    after: list[tuple[str, str]],
) -> None:
    CustomerFactory(store=importing.store, name="Brett Bakersfield", email=None)
    job = importing.check("name,notes\nBrett Bakersfield,hello\n", match=["email", "score"])
    assert counts(job) == {"conflict": 1}
    decide(manager, job, decision, line=2)
    assert counts(job) == plan
    manager.post(url("run", job))
    work_on_all()
    rows = Customer.objects.filter(store=importing.store).order_by("pk")
    assert list(rows.values_list("name", "notes")) == after


def test_what_only_the_file_can_mend_is_not_decided(manager: Client, importing: Importing) -> None:
    job = importing.check("email,name\nann@example.com,Ann\nann@example.com,Zoe\n")
    page = manager.get(url("change", job) + "?kind=conflict")
    assert url("decide", job) not in page.content.decode()
    assert "Decided: 0." in text_of(decide(manager, job, "theirs"))
    assert counts(job) == {"conflict": 2}


@pytest.mark.parametrize("decision", ["", "both"])
def test_an_unknown_decision_is_refused(
    manager: Client, changed_since: ImportJob, decision: str
) -> None:
    decide(manager, changed_since, decision)
    assert counts(changed_since) == {"conflict": 2}


def test_nothing_is_decided_while_a_worker_writes(
    manager: Client, importing: Importing, changed_since: ImportJob
) -> None:
    ImportJob.objects.filter(pk=changed_since.pk).update(state=State.UNDOING)
    text = text_of(decide(manager, changed_since, "theirs"))
    assert "changed it at the same moment" in text
    assert counts(changed_since) == {"conflict": 2}


def sync(address: str, store: Store, *options: str) -> ImportJob:
    arguments = ("--from", "storefront", "--url", address, "--key-env", "THERE_KEY")
    with suppress(SystemExit):
        call_command(
            "move_in", *arguments, "--store", str(store.uid), *options, stdout=io.StringIO()
        )
    return ImportJob.objects.filter(store=store).latest("pk")


@pytest.mark.parametrize(("decision", "name"), [("ours", "Ours"), ("theirs", "Theirs")])
def test_a_change_on_both_sides_is_decided_for_good(
    live_server: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    sign_in: SignIn,
    store: Store,
    decision: str,
    name: str,
) -> None:
    there = StoreFactory(name="There")
    settings.WEBHOOK_ALLOW_TARGETS = [urlsplit(live_server.url).netloc]
    monkeypatch.setenv("THERE_KEY", ApiKey.issue(store=there, name="move")[1])
    customer = CustomerFactory(store=there, name="Ann", email=None)
    sync(live_server.url, store)
    update_customer(Customer.objects.filter(store=store), SYSTEM, {"name": "Ours"})
    update_customer(customer.as_queryset(), SYSTEM, {"name": "Theirs", "notes": "Hello"})
    job = sync(live_server.url, store, "--sync")
    assert counts(job) == {"conflict": 1}
    client = sign_in()
    page = text_of(
        client.get(reverse("admin:imports_importjob_change", args=[job.pk]) + "?kind=conflict")
    )
    assert "Name Ours becomes Theirs" in page
    decide(client, job, decision)
    client.post(url("run", job))
    working.work_on_all()
    assert names(store) == [name]
    assert counts(sync(live_server.url, store, "--sync")) == {"same": 1}
    assert names(store) == [name]
