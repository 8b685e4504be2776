"""Each row of each list of the back office opens the page of that row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from customers.imports.models import ImportJob
from customers.imports.services.jobs import create_job
from customers.matching.models import DuplicatePair
from customers.matching.services.background import compare_waiting
from customers.models import Customer, DeletedCustomer, DeliveryZone, Depot, LedgerEntry, Tag
from customers.models.ledger import Account
from customers.privacy.models import DataExport, Erasure, ErasureReceipt, PrivacyRequest
from customers.privacy.services.data_exports import request_export
from customers.privacy.services.erasing import erase_customer
from customers.privacy.services.requests import open_request
from customers.services.delivery_zones import create_zone
from customers.services.tags import create_tag
from orders.models import CreditCheck, Order, PaymentMethod
from orders.services.accounts import post_entry
from orders.services.credit_checks import check_credit
from orders.services.customers import delete_customer
from orders.services.payment_methods import create_method
from stores.actors import SYSTEM
from stores.models import ApiKey, Event, Store, WebhookDelivery, WebhookEndpoint
from stores.webhooks.endpoints import create_endpoint
from tests.factories import ApiKeyFactory, CustomerFactory, OrderFactory


def deleted_customer(store: Store) -> Model:
    customer = CustomerFactory(store=store)
    delete_customer(customer.as_queryset(), SYSTEM)
    return DeletedCustomer.objects.get(pk=customer.pk)


def ledger_entry(store: Store) -> Model:
    customer = CustomerFactory(store=store)
    return post_entry(customer.as_queryset(), SYSTEM, Account.LOYALTY, 5)


def credit_check(store: Store) -> Model:
    check_credit(CustomerFactory(store=store).as_queryset(), SYSTEM)
    return CreditCheck.objects.get()


def event(store: Store) -> Model:
    CustomerFactory(store=store)
    return Event.objects.get()


def endpoint(store: Store) -> Model:
    fields = {"url": "https://hooks.example.com/in", "events": ["*"]}
    return create_endpoint(store, fields)[0]


def delivery(store: Store) -> Model:
    endpoint(store)
    CustomerFactory(store=store)
    return WebhookDelivery.objects.get()


def duplicate_pair(store: Store) -> Model:
    for name in ("Brigid Castellanos", "Bridget Castellanos"):
        CustomerFactory(store=store, name=name, phone="03 5550 1468", birth_date=date(1980, 11, 5))
    compare_waiting()
    return DuplicatePair.objects.get()


def erasure(store: Store) -> Model:
    return erase_customer(CustomerFactory(store=store).as_queryset(), SYSTEM)


def receipt(store: Store) -> Model:
    endpoint(store)
    erasure(store)
    return ErasureReceipt.objects.get()


def import_job(store: Store) -> Model:
    file = BytesIO(b"First name,E-mail\nAnn,ann@example.com\n")
    return create_job(store, SYSTEM, file, "people.csv")


def privacy_request(store: Store) -> Model:
    return open_request(
        CustomerFactory(store=store).as_queryset(), SYSTEM, "access", date(2026, 1, 2)
    )


ROWS: dict[type[Model], Callable[[Store], Model]] = {
    AccessAttempt: lambda store: AccessAttempt.objects.create(failures_since_start=1),
    AccessLog: lambda store: AccessLog.objects.create(),
    ApiKey: lambda store: ApiKeyFactory(store=store),
    CreditCheck: credit_check,
    Customer: lambda store: CustomerFactory(store=store),
    DeletedCustomer: deleted_customer,
    DeliveryZone: lambda store: create_zone(store, "North", ""),
    DataExport: lambda store: request_export(CustomerFactory(store=store).as_queryset(), SYSTEM),
    DuplicatePair: duplicate_pair,
    Erasure: erasure,
    ErasureReceipt: receipt,
    ImportJob: import_job,
    PrivacyRequest: privacy_request,
    Depot: lambda store: Depot.objects.create(store=store, name="East"),
    Event: event,
    Group: lambda store: Group.objects.first(),
    LedgerEntry: ledger_entry,
    PaymentMethod: lambda store: create_method(store, "Voucher"),
    Order: lambda store: OrderFactory(customer=CustomerFactory(store=store)),
    Store: lambda store: store,
    Tag: lambda store: create_tag(store, "VIP"),
    User: lambda store: User.objects.get(),
    WebhookDelivery: delivery,
    WebhookEndpoint: endpoint,
}


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_each_row_of_a_list_can_be_opened(owner: Client, store: Store, model: Any) -> None:
    row = ROWS[model](store)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    page = owner.get(reverse(f"{name}_changelist")).content.decode()
    url = reverse(f"{name}_change", args=[row.pk])
    assert f'<a href="{url}"' in page
    assert owner.get(url, follow=True).status_code == 200


@pytest.mark.parametrize("model", [CreditCheck, Event, LedgerEntry, WebhookDelivery])
def test_read_only_row_links_to_no_history(owner: Client, store, model) -> None:
    row = ROWS[model](store)
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    page = owner.get(reverse(f"{name}_change", args=[row.pk])).content.decode()
    assert (reverse(f"{name}_history", args=[row.pk]) in page) == (model is WebhookDelivery)


def test_history_without_changes_says_so(owner: Client, store: Store) -> None:
    url = reverse("admin:stores_apikey_history", args=[ApiKeyFactory(store=store).pk])
    assert "No changes in the back office yet." in owner.get(url).content.decode()
