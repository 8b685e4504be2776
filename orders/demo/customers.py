"""Create the customers of the demo."""

from __future__ import annotations

from decimal import Decimal

from factory.random import randgen

from customers.fields import AddressFields
from customers.geocoding.providers import offline
from customers.models import Address, Customer, DeliveryZone, Depot
from customers.models.address import Role
from customers.models.choices import Source
from customers.models.customer_queryset import CustomerQuerySet
from customers.models.ledger import Account
from customers.reads import Row
from customers.services.addresses.columns import GeocodeResult, assign_address, location_values
from customers.services.addresses.geocoding import query_of
from customers.services.addresses.one_address import add_address
from customers.services.customers import create_customer
from orders.demo.addresses import AddressFactory
from orders.demo.chance import chance
from orders.demo.people import customer_fields
from orders.demo.shops import Shop
from orders.services.accounts import post_entry
from stores.actors import SYSTEM
from stores.models import Store


def join(
    shop: Shop, store: Store, number: int, depots: list[Depot], zones: list[DeliveryZone]
) -> Row:
    """Create a customer. Some get points, if the shop gives points to new customers."""
    fields = customer_fields(shop, number)
    address: AddressFields = fields["delivery_address"] or {}
    if zones:
        address["delivery_zone"] = randgen.choice(zones)
    if depots:
        fields["default_depot_id"] = randgen.choice(depots).pk
    fields["is_loyalty_enabled"] = bool(shop.welcome_points) and chance(0.3)
    source = randgen.choice((Source.WEB, Source.APP, Source.POS))
    row = create_customer(
        store, SYSTEM, fields, source=source, geocoded=geocode_offline(store, address)
    )
    if fields["is_loyalty_enabled"]:
        welcome(row, shop)
    return row


def geocode_offline(store: Store, fields: AddressFields) -> GeocodeResult:
    """Geocode an address with the gazetteer, whatever the settings say, so that no network is needed."""
    address = Address(store=store, role=Role.DELIVERY)
    assign_address(address, fields)
    return GeocodeResult(location_values(address), offline.locate(query_of(address), 0))


def welcome(row: Row, shop: Shop) -> None:
    target = Customer.objects.filter(store=row["store_id"], pk=row["id"])
    post_entry(target, SYSTEM, Account.LOYALTY, Decimal(shop.welcome_points), reason="welcome")


def add_second_address(target: CustomerQuerySet, shop: Shop) -> None:
    """Add an address without coordinates, so that `geocode_customers` has something to do."""
    place = randgen.choice(shop.places)
    add_address(target, SYSTEM, AddressFactory(shop=shop, place=place, label="Work"))
