"""Factories of stores, keys, customers and orders, which use the product's services."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from customers.fields import CustomerFields, read_email, read_phone
from customers.models import Customer
from customers.services.customers import create_customer
from orders.models import Order
from orders.services.placing import place_order
from stores.actors import SYSTEM
from stores.models import ApiKey, Store


class StoreFactory(DjangoModelFactory):
    class Meta:
        model = Store

    name = factory.Sequence(lambda n: f"Store {n}")
    country = "AU"
    currency = "AUD"
    timezone = "Australia/Sydney"


class ApiKeyFactory(DjangoModelFactory):
    """API key with its whole text in `text`; it has every scope by default."""

    class Meta:
        model = ApiKey

    store = factory.SubFactory(StoreFactory)
    name = factory.Sequence(lambda n: f"Key {n}")
    scopes = None

    @classmethod
    def _create(cls, model_class: type[ApiKey], *args: Any, **kwargs: Any) -> ApiKey:
        key, text = model_class.issue(*args, **kwargs)
        key.text = text
        return key


class AddressFields(factory.DictFactory):
    """Service fields of a delivery address."""

    label = "Shop"
    line1 = factory.Sequence(lambda n: f"{n + 1} George Street")
    line2 = ""
    city = "Sydney"
    state = "NSW"
    postcode = "2000"
    country = "AU"


def parsed_fields(fields: Mapping[str, Any], region: str = "AU") -> CustomerFields:
    """Parse the e-mail and the phone of fields that a test writes as text."""
    parsed: Any = dict(fields)
    if isinstance(email := fields.get("email"), str):
        parsed["email"] = read_email(email)
    if isinstance(phone := fields.get("phone"), str):
        parsed["phone"] = read_phone(phone, region)
    return parsed


class CustomerFactory(factory.Factory):
    """Customer created by the service from its fields: `CustomerFactory(store=…, addresses=[…])`."""

    class Meta:
        model = Customer

    store = factory.SubFactory(StoreFactory)
    name = factory.Sequence(lambda n: f"Customer {n}")
    email = factory.Sequence(lambda n: f"customer{n}@example.com")

    @classmethod
    def _create(cls, model_class: type[Customer], *args: Any, **fields: Any) -> Customer:
        store = fields.pop("store")
        row = create_customer(store, SYSTEM, parsed_fields(fields, store.country))
        return model_class.objects.select_related("store").get(pk=row["id"])


class LineFields(factory.DictFactory):
    """Service fields of an order line; ten loaves at 2.50 by default."""

    product_id = factory.Sequence(lambda n: f"prod_{n}")
    product_name = factory.Sequence(lambda n: f"Loaf {n}")
    quantity = 10
    unit_price = Decimal("2.50")


class OrderFactory(factory.Factory):
    """Order placed by the service; takes `customer` and the arguments of `place_order`."""

    class Meta:
        model = Order

    customer = factory.SubFactory(CustomerFactory)
    items = factory.LazyFunction(lambda: [LineFields()])

    @classmethod
    def _create(cls, model_class: type[Order], *args: Any, **wishes: Any) -> Order:
        customer = wishes.pop("customer")
        target = Customer.objects.filter(store=customer.store_id, pk=customer.pk)
        row = place_order(target, SYSTEM, wishes.pop("items"), **wishes)
        return model_class.objects.select_related("store", "customer").get(pk=row["id"])
