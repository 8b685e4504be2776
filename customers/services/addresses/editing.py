"""Change one address of a customer inside an `Edit`, which the caller saves."""

from __future__ import annotations

from django.utils import timezone

from customers.fields import AddressFields
from customers.models import Address, Customer
from customers.models.address import Role
from customers.services.addresses.columns import GeocodeResult, assign_address
from customers.services.editing import Edit
from stores.errors import Invalid
from stores.models.base import TenantModel

MAX_ADDRESSES = 100


def delivery_addresses_of(customer: Customer) -> list[Address]:
    """Return the delivery addresses in their order."""
    rows = Address.objects.for_store(customer.store_id).filter(
        customer=customer, role=Role.DELIVERY
    )
    addresses = list(rows.select_related("delivery_zone").order_by("position", "id"))
    # Without this, reading `address.store` or `address.customer` would be a query for each address.
    for address in addresses:
        address.store, address.customer = customer.store, customer
    return addresses


def find_address(customer: Customer, role: str) -> Address | None:
    """Return the billing address or, for `delivery`, the default delivery address."""
    rows = Address.objects.for_store(customer.store_id).filter(customer=customer, role=role)
    if role == Role.DELIVERY:
        rows = rows.filter(is_default=True)
    return rows.select_related("store", "delivery_zone").first()


def summary(addresses: list[Address]) -> list[str]:
    """Return the addresses as the timeline shows them."""
    return [str(address) for address in addresses]


def add_delivery_address(edit: Edit, fields: AddressFields) -> Address:
    """Add a delivery address. The first one becomes the default. Raises Invalid `too_many`."""
    present = delivery_addresses_of(edit.customer)
    if len(present) >= MAX_ADDRESSES:
        raise Invalid("too_many", "addresses", most=MAX_ADDRESSES)
    edit.record_child_change("addresses", summary(present))
    address = Address(store=edit.customer.store, customer=edit.customer, role=Role.DELIVERY)
    assign_address(address, fields)
    # After the last position, not the number of addresses: removed ones leave gaps.
    address.position = max((other.position for other in present), default=-1) + 1
    address.is_default = not present
    save(address)
    return address


def update_delivery_address(
    edit: Edit, address: Address, fields: AddressFields, geocoded: GeocodeResult | None = None
) -> None:
    # Read before: the timeline shows all addresses as they were, also the changed one.
    before = summary(delivery_addresses_of(edit.customer))
    if assign_address(address, fields, geocoded):
        edit.record_child_change("addresses", before)
        save(address)


def remove_delivery_address(edit: Edit, address: Address) -> None:
    edit.record_child_change("addresses", summary(delivery_addresses_of(edit.customer)))
    delete(edit, address)


def merge_address(
    edit: Edit, role: str, fields: AddressFields | None, geocoded: GeocodeResult | None = None
) -> None:
    """Merge fields into the billing address or the default delivery address. None removes it.

    Create the address if there is none, unless all fields are blank: some clients send an empty form.
    """
    child = "billing_address" if role == Role.BILLING else "addresses"
    # A new customer has no address yet: save the query.
    current = None if edit.is_new else find_address(edit.customer, role)
    before = [str(current)] if current else []
    if fields is None:
        if current is not None:
            edit.record_child_change(child, before)
            delete(edit, current)
        return
    if current is None and all(value in (None, "") for value in fields.values()):
        return
    address = current or Address(store=edit.customer.store, customer=edit.customer, role=role)
    if assign_address(address, fields, geocoded) or current is None:
        edit.record_child_change(child, before)
        address.is_default = role == Role.DELIVERY
        save(address, edit.collected)
        edit.record_new_rows("addresses", [address])


def save(address: Address, collected: list[TenantModel] | None = None) -> None:
    """Write an address. A new one is only added to `collected` if there is such a list."""
    address.updated_at = timezone.now()
    if address.pk is None and collected is not None:
        collected.append(address)
    elif address.pk is None:  # `insert` is quicker than `save`
        address.insert()
    else:
        address.save()


def delete(edit: Edit, address: Address) -> None:
    """Delete an address. If it was the default, the next delivery address becomes the default."""
    address.delete()
    if address.is_default:
        next_default = next(iter(delivery_addresses_of(edit.customer)), None)
        if next_default is not None:
            next_default.as_queryset().update(is_default=True)
