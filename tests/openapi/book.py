"""A small store with a row of every kind, and their ids in each dialect."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from customers.models import DeliveryZone, Depot, Tag
from customers.models.ledger import Account
from customers.services.contacts import add_contact
from customers.services.delivery_zones import create_zone
from customers.services.tags import create_tag
from orders.models import Order
from orders.services.accounts import post_entry
from orders.services.paying import pay_order
from stores.actors import SYSTEM
from stores.models import Event, Store, WebhookDelivery
from stores.webhooks.endpoints import create_endpoint
from tests.factories import (
    AddressFields,
    ApiKeyFactory,
    CustomerFactory,
    LineFields,
    OrderFactory,
    StoreFactory,
)

TARGET = "127.0.0.1:9001"


@dataclass
class Book:
    """A store with a row of every kind; `ids` maps parameters to existing ids by dialect."""

    store: Store
    key: str
    ids: dict[str, dict[str, Any]]

    def known_ids(self, dialect: str, method: str, path: str) -> dict[str, Any]:
        """Return existing ids. DELETE gets a customer without orders, which can be deleted."""
        ids = dict(self.ids[dialect])
        if method == "DELETE" and "unused" in ids:
            ids["customers.id"] = ids["unused"]
        resource = path.removesuffix("/").rpartition("/{id}")[0].rpartition("/")[2] or "customers"
        return ids | {"id": ids.get(f"{resource}.id", ids.get("customers.id"))}


def create_book() -> Book:
    """Create the store. `WEBHOOK_ALLOW_TARGETS` must contain TARGET."""
    store = StoreFactory(currency="KWD")  # all amounts of the documents are possible
    depot = Depot.objects.create(store=store, name="Yard")
    zone: DeliveryZone = create_zone(store, "Harbour", "H1")
    tag: Tag = create_tag(store, "regular")
    hook, _ = create_endpoint(store, {"url": f"http://{TARGET}/hook", "events": ["*"]})
    customer = CustomerFactory(
        store=store,
        phone="+61 2 9999 1234",
        addresses=[AddressFields()],
        billing_address=AddressFields(),
        tag_uids=[tag.uid],
        is_account_enabled=True,
        is_loyalty_enabled=True,
        credit_limit=Decimal(100_000),
    )
    target = type(customer).objects.filter(store=store, pk=customer.pk)
    contact, _ = add_contact(target, SYSTEM, {"name": "Ann Buyer"})
    for amount in ("12.50", "-12.50"):  # settled, so that the customer can be deleted
        post_entry(target, SYSTEM, Account.HOUSE, Decimal(amount))
    post_entry(target, SYSTEM, Account.LOYALTY, Decimal(50))
    order: Order = OrderFactory(customer=customer, items=[LineFields(), LineFields()])
    pay_order(Order.objects.filter(pk=order.pk), SYSTEM, amount=Decimal(20), method="card")
    unused = CustomerFactory(store=store)
    CustomerFactory(store=store)
    place = customer.addresses.filter(role="delivery").first()
    delivery = WebhookDelivery.objects.first()
    uid, event = customer.uid, Event.objects.first()
    assert place
    assert delivery
    assert event
    ids: dict[str, dict[str, Any]] = {
        "bakery": {"customers.id": f"cust_{uid.hex}"},
        "erp": {"customers.id": f"cust_{uid.hex}", "contact_id": f"cont_{contact.uid.hex}"},
        "manufacturing": {
            "customers.id": str(customer.pk),
            "manufacturer_id": store.pk,
            "contact_address": {"state": "VIC"},
            "delivery_address": [{"state": "VIC"}],
            "default_depot_id": depot.pk,
            "unused": str(unused.pk),
        },
        "pos": {
            "customers.id": str(uid),
            "addresses.id": str(place.uid),
            "tags.id": str(tag.uid),
            "delivery_zones.id": str(zone.uid),
            "customer_id": str(uid),
            "order_id": str(order.uid),
            "delivery_zone_id": str(zone.uid),
            "amount": 1,
        },
        "storefront": {
            "discountAmount": 0,
            "store_id": str(store.uid),
            "customers.id": str(uid),
            "unused": str(unused.uid),
            "orders.id": str(order.uid),
            "webhooks.id": str(hook.uid),
            "deliveries.id": str(delivery.uid),
            "webhook_id": str(hook.uid),
            "customerId": str(uid),
            "defaultAddressId": str(place.uid),
            "shippingAddressId": str(place.uid),
            "amount": 1,
            "url": f"http://{TARGET}/other",
        },
    }
    return Book(store, ApiKeyFactory(store=store).text, ids)
