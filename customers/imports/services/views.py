"""Customers with all that an import compares, loaded with few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from customers.models import Address, Contact, Customer, CustomerTag
from customers.models.address import Role
from stores.models import Store


@dataclass
class View:
    """A customer of the book with its addresses, tags and contacts."""

    customer: Customer
    addresses: list[Address] = field(default_factory=list)  # delivery, in their order
    billing: Address | None = None
    tags: list[str] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    @property
    def default_address(self) -> Address | None:
        return next((address for address in self.addresses if address.is_default), None)


def load_views(store: Store, pks: Iterable[int]) -> dict[int, View]:
    """Return the customers with these keys, also deleted ones, by their key."""
    customers = Customer.objects.filter(store=store, pk__in=set(pks))
    views = {customer.pk: View(customer) for customer in customers}
    for view in views.values():
        view.customer.store = store
    if views:
        load_children(store, views)
    return views


def load_children(store: Store, views: dict[int, View]) -> None:
    of_these = {"store": store, "customer__in": list(views)}
    for address in Address.objects.filter(**of_these).order_by("position", "id"):
        view = views[address.customer_id]
        address.store, address.customer = store, view.customer
        if address.role == Role.BILLING:
            view.billing = address
        else:
            view.addresses.append(address)
    for contact in Contact.objects.filter(**of_these).order_by("id"):
        views[contact.customer_id].contacts.append(contact)
    for pk, names in tag_names(store, list(views)).items():
        views[pk].tags = names


def tag_names(store: Store, pks: list[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = defaultdict(list)
    rows = CustomerTag.objects.filter(store=store, customer__in=pks).order_by("id")
    for pk, name in rows.values_list("customer_id", "tag__name"):
        names[pk].append(name)
    return names
