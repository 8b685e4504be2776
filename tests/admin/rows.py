"""A row of each model of the back office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import Group, User
from django.db.models import Model

from customers.imports.models import ImportJob
from customers.imports.services.jobs import create_job
from customers.matching.models import DuplicatePair
from customers.matching.services.background import compare_waiting
from customers.merging.models import Merge
from customers.merging.services.merging import merge_customers
from customers.models import (
    BulkRun,
    Customer,
    DeletedCustomer,
    DeliveryZone,
    Depot,
    LedgerEntry,
    Tag,
)
from customers.models.bulk_run import BulkKind
from customers.models.ledger import Account
from customers.privacy.models import (
    DataExport,
    Erasure,
    ErasureReceipt,
    PrivacyRequest,
    RetentionRule,
)
from customers.privacy.services.data_exports import request_export
from customers.privacy.services.erasing import erase_customer
from customers.privacy.services.requests import open_request
from customers.privacy.services.retention.rules import create_rule
from customers.services.bulk_runs import Recording
from customers.services.customers import update_customer
from customers.services.delivery_zones import create_zone
from customers.services.tags import create_tag
from orders.models import (
    CreditCheck,
    Letter,
    LetterSettings,
    LetterText,
    Order,
    PaymentMethod,
    Report,
)
from orders.services.accounts import post_entry
from orders.services.credit_checks import check_credit
from orders.services.customers import delete_customer
from orders.services.letters import queue_statement
from orders.services.payment_methods import create_method
from orders.statements.periods import Period
from stores.actors import SYSTEM, Actor
from stores.models import ApiKey, Event, Store, WebhookDelivery, WebhookEndpoint
from stores.webhooks.endpoints import create_endpoint
from tests.factories import ApiKeyFactory, CustomerFactory, OrderFactory


def bulk_run(store: Store) -> Model:
    def suspend(customer: Customer, actor: Actor) -> bool:
        update_customer(customer.as_queryset(), actor, {"is_active": False})
        return True

    recording = Recording(SYSTEM, BulkKind.SUSPEND)
    recording.change(CustomerFactory(store=store), suspend)
    return recording.runs[store.pk]


def merge(store: Store) -> Model:
    survivor, loser = CustomerFactory(store=store), CustomerFactory(store=store)
    return merge_customers(survivor.as_queryset(), loser.as_queryset(), SYSTEM)


def deleted_customer(store: Store) -> Model:
    customer = CustomerFactory(store=store)
    delete_customer(customer.as_queryset(), SYSTEM)
    return DeletedCustomer.objects.get(pk=customer.pk)


def ledger_entry(store: Store) -> Model:
    customer = CustomerFactory(store=store, is_loyalty_enabled=True)
    return post_entry(customer.as_queryset(), SYSTEM, Account.LOYALTY, 5)


def credit_check(store: Store) -> Model:
    check_credit(CustomerFactory(store=store).as_queryset(), SYSTEM)
    return CreditCheck.objects.latest("pk")


def event(store: Store) -> Model:
    CustomerFactory(store=store)
    return Event.objects.latest("pk")


def endpoint(store: Store) -> Model:
    fields = {"url": "https://hooks.example.com/in", "events": ["*"]}
    return create_endpoint(store, fields)[0]


def delivery(store: Store) -> Model:
    endpoint(store)
    CustomerFactory(store=store)
    return WebhookDelivery.objects.latest("pk")


def duplicate_pair(store: Store) -> Model:
    for name in ("Brigid Castellanos", "Bridget Castellanos"):
        CustomerFactory(store=store, name=name, phone="03 5550 1468", birth_date=date(1980, 11, 5))
    compare_waiting()
    return DuplicatePair.objects.latest("pk")


def erasure(store: Store) -> Model:
    return erase_customer(CustomerFactory(store=store).as_queryset(), SYSTEM)


def receipt(store: Store) -> Model:
    endpoint(store)
    erasure(store)
    return ErasureReceipt.objects.latest("pk")


def import_job(store: Store) -> Model:
    file = BytesIO(b"First name,E-mail\nAnn,ann@example.com\n")
    return create_job(store, SYSTEM, file, "people.csv")


def privacy_request(store: Store) -> Model:
    return open_request(
        CustomerFactory(store=store).as_queryset(), SYSTEM, "access", date(2026, 1, 2)
    )


def letter(store: Store) -> Model:
    customer = CustomerFactory(store=store, email="ann@example.com")
    month = Period(date(2026, 1, 1), date(2026, 1, 31))
    return queue_statement(customer.as_queryset(), SYSTEM, month)


LOGIN = "/admin/login/"

ROWS: dict[type[Model], Callable[[Store], Model]] = {
    AccessAttempt: lambda store: AccessAttempt.objects.create(
        failures_since_start=1, path_info=LOGIN
    ),
    AccessLog: lambda store: AccessLog.objects.create(path_info=LOGIN),
    ApiKey: lambda store: ApiKeyFactory(store=store),
    BulkRun: bulk_run,
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
    RetentionRule: lambda store: create_rule(store, SYSTEM, "customers", 36),
    Depot: lambda store: Depot.objects.create(store=store, name="East"),
    Event: event,
    Group: lambda store: Group.objects.first(),
    LedgerEntry: ledger_entry,
    Letter: letter,
    LetterSettings: lambda store: LetterSettings.objects.create(store=store),
    LetterText: lambda store: LetterText.objects.create(
        store=store, level=1, days_overdue=7, subject="Please pay", body="{orders}"
    ),
    PaymentMethod: lambda store: create_method(store, "Voucher"),
    Merge: merge,
    Order: lambda store: OrderFactory(customer=CustomerFactory(store=store)),
    Report: lambda store: Report.objects.get(
        pk=OrderFactory(customer=CustomerFactory(store=store)).pk
    ),
    Store: lambda store: store,
    Tag: lambda store: create_tag(store, "VIP"),
    User: lambda store: User.objects.latest("pk"),
    WebhookDelivery: delivery,
    WebhookEndpoint: endpoint,
}
