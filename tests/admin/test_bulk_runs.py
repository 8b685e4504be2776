"""Actions on many customers are recorded, and can be taken back."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from customers.models import BulkChange, BulkRun, Customer, Tag
from customers.privacy.services.erasing import erase_customer
from customers.services.bulk_runs import undo_run
from customers.services.customers import update_customer
from customers.services.tags import add_tag, delete_tag, remove_tag, update_tag
from orders.services.customers import delete_customer
from orders.services.placing import place_order
from stores.actors import SYSTEM, Actor
from stores.models import Event, Store
from tests.admin.conftest import SignIn
from tests.admin.pages import act, messages_of
from tests.factories import CustomerFactory, LineFields

ELLA = Actor("staff", 7, "Ella Marsh")
LIST = reverse("admin:customers_bulkrun_changelist")
DELETED = reverse("admin:customers_deletedcustomer_changelist")


def undo(client: Client, page: HttpResponse) -> HttpResponse:
    """Press Undo in the message of a page."""
    [path] = re.findall(r'form="message-form" formaction="([^"]*)"', page.content.decode())
    return client.post(path, follow=True)


def suspended(client: Client, *customers: Customer) -> HttpResponse:
    return act(client, "suspend", *customers)


def names_of(customer: Customer) -> list[str]:
    return [tag.name for tag in customer.tags.all()]


def test_undo_puts_back_exactly_who_was_changed(owner: Client, store: Store) -> None:
    ann, bo = CustomerFactory(store=store, name="Ann"), CustomerFactory(store=store, name="Bo")
    update_customer(bo.as_queryset(), SYSTEM, {"is_active": False})
    page = suspended(owner, ann, bo)
    assert list(BulkChange.objects.values_list("customer", flat=True)) == [ann.pk]
    page = undo(owner, page)
    assert messages_of(page) == ["Put back 1 of 1 customers."]
    ann.refresh_from_db()
    bo.refresh_from_db()
    assert (ann.is_active, bo.is_active) == (True, False)
    event = Event.objects.latest("id")
    assert (event.customer_uid, event.actor_name, event.before) == (
        ann.uid,
        "owner",
        {"is_active": False},
    )


def test_blacklisting_is_put_back_with_its_former_reason(owner: Client, store: Store) -> None:
    ann = CustomerFactory(store=store)
    fields = {"is_blacklisted": True, "blacklist_reason": "Bounced cheque"}
    update_customer(ann.as_queryset(), SYSTEM, fields)
    page = act(owner, "blacklist", ann, confirmed="yes", reason="Rude")
    undo(owner, page)
    ann.refresh_from_db()
    assert (ann.is_blacklisted, ann.blacklist_reason) == (True, "Bounced cheque")
    undo(owner, act(owner, "unblacklist", ann))
    ann.refresh_from_db()
    assert (ann.is_blacklisted, ann.blacklist_reason) == (True, "Bounced cheque")


def test_who_was_changed_since_stays_and_is_named(owner: Client, store: Store) -> None:
    ann, bo = CustomerFactory(store=store, name="Ann"), CustomerFactory(store=store, name="Bo")
    page = suspended(owner, ann, bo)
    for active in (True, False):  # suspended again, on purpose
        update_customer(bo.as_queryset(), ELLA, {"is_active": active})
    update_customer(ann.as_queryset(), ELLA, {"company": "Ann's"})  # has nothing to do with it
    page = undo(owner, page)
    [text] = messages_of(page)
    assert text.startswith("Put back 1 of 2 customers. 1 changed since")
    html = page.content.decode()
    assert "Ella Marsh changed it on" in html
    assert "Try again for 1 customer<" in html
    assert list(Customer.objects.filter(is_active=False)) == [bo]
    assert "taken back, 1 stay" in owner.get(LIST).content.decode()


@pytest.mark.parametrize("kind", ["add_tag", "remove_tag"])
def test_tags_are_put_back(owner: Client, store: Store, kind: str) -> None:
    ann, bo = CustomerFactory(store=store, tags=["VIP"]), CustomerFactory(store=store)
    tag = Tag.objects.get()
    page = act(owner, kind, ann, bo, confirmed="yes", tag=tag.pk)
    update_tag(Tag.objects.filter(pk=tag.pk), SYSTEM, {"name": "Very important"})
    undo(owner, page)
    assert (names_of(ann), names_of(bo)) == (["Very important"], [])


def test_a_tag_that_was_given_anew_stays(owner: Client, store: Store) -> None:
    ann = CustomerFactory(store=store)
    tag = Tag.objects.create(store=store, name="VIP", key="vip")
    page = act(owner, "add_tag", ann, confirmed="yes", tag=tag.pk)
    remove_tag(ann.as_queryset(), ELLA, tag)
    add_tag(ann.as_queryset(), ELLA, tag)
    version = Customer.objects.get(pk=ann.pk).version
    assert messages_of(undo(owner, page))[0].startswith("Put back 0 of 1")
    assert names_of(ann) == ["VIP"]
    assert Customer.objects.get(pk=ann.pk).version == version


def test_customers_without_the_tag_stay(owner: Client, store: Store) -> None:
    ann = CustomerFactory(store=store)
    tag = Tag.objects.create(store=store, name="VIP", key="vip")
    page = act(owner, "add_tag", ann, confirmed="yes", tag=tag.pk)
    delete_tag(Tag.objects.filter(pk=tag.pk), SYSTEM)
    page = undo(owner, page)
    assert "The tag was deleted since." in page.content.decode()


def test_restored_customers_are_deleted_again_unless_used(owner: Client, store: Store) -> None:
    ann, bo = CustomerFactory(store=store, name="Ann"), CustomerFactory(store=store, name="Bo")
    for customer in (ann, bo):
        delete_customer(customer.as_queryset(), SYSTEM)
    page = act(owner, "restore", ann, bo, path=DELETED)
    place_order(bo.as_queryset(), SYSTEM, [LineFields()])
    page = undo(owner, page)
    assert list(Customer.objects.live()) == [bo]
    assert "Something has happened with the customer since" in page.content.decode()


def test_deleted_and_erased_customers_are_skipped(owner: Client, store: Store) -> None:
    ann, bo = CustomerFactory(store=store, name="Ann"), CustomerFactory(store=store, name="Bo")
    page = suspended(owner, ann, bo)
    delete_customer(ann.as_queryset(), SYSTEM)
    erase_customer(bo.as_queryset(), SYSTEM)
    assert list(BulkChange.objects.values_list("customer", flat=True)) == [ann.pk]
    page = undo(owner, page)
    assert "The customer was deleted or erased since." in page.content.decode()
    assert not Customer.objects.filter(is_active=True, pk=ann.pk).exists()


def test_undo_takes_effect_once(owner: Client, store: Store) -> None:
    ann = CustomerFactory(store=store)
    page = suspended(owner, ann)
    undo(owner, page)
    update_customer(ann.as_queryset(), ELLA, {"is_active": False})
    assert messages_of(undo(owner, page)) == ["Put back 0 of 0 customers."]
    assert not Customer.objects.get(pk=ann.pk).is_active


def test_each_store_has_a_run_of_its_own(
    sign_in: SignIn, owner: Client, store: Store, other_store: Store
) -> None:
    page = suspended(owner, CustomerFactory(store=store), CustomerFactory(store=other_store))
    assert f"Undo in {other_store}" in page.content.decode()
    mine, foreign = (BulkRun.objects.get(store=s) for s in (store, other_store))
    clerk = sign_in("Clerk", store)
    assert list(clerk.get(LIST).context["cl"].result_list) == [mine]
    for name in ("change", "undo"):
        path = reverse(f"admin:customers_bulkrun_{name}", args=[foreign.pk])
        assert clerk.post(path).status_code == 404
    assert Customer.objects.filter(is_active=False).count() == 2


def test_rights_to_undo_are_those_of_the_action(
    sign_in: SignIn, owner: Client, store: Store
) -> None:
    ann = CustomerFactory(store=store)
    suspended(owner, ann)
    run = BulkRun.objects.get()
    path = reverse("admin:customers_bulkrun_undo", args=[run.pk])
    viewer = sign_in("Viewer", store)
    assert viewer.post(path).status_code == 403
    page = viewer.get(reverse("admin:customers_bulkrun_change", args=[run.pk]))
    assert page.status_code == 200
    assert "Undo for" not in page.content.decode()
    clerk = sign_in("Clerk", store)
    assert clerk.get(path).status_code == 405
    delete_customer(ann.as_queryset(), SYSTEM)
    act(owner, "restore", ann, path=DELETED)
    restored = BulkRun.objects.latest("pk")
    path = reverse("admin:customers_bulkrun_undo", args=[restored.pk])
    assert clerk.post(path).status_code == 403
    assert Customer.objects.live().filter(pk=ann.pk).exists()


def test_a_refused_change_leaves_no_run(owner: Client, store: Store) -> None:
    taken = CustomerFactory(store=store, email="ann@example.com")
    delete_customer(taken.as_queryset(), SYSTEM)
    CustomerFactory(store=store, email="ann@example.com")
    page = act(owner, "restore", taken, path=DELETED)
    assert "Undo" not in page.content.decode()
    assert not BulkRun.objects.exists()


def test_hundreds_are_put_back(owner: Client, store: Store, monkeypatch) -> None:
    monkeypatch.setattr("customers.services.bulk_runs.BATCH_SIZE", 2)
    customers = [CustomerFactory(store=store) for _ in range(5)]
    suspended(owner, *customers)
    assert undo_run(BulkRun.objects.get(), SYSTEM).put_back == 5
