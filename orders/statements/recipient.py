"""Where a statement goes by post: the lines of an address window."""

from __future__ import annotations

from customers.models import Address, Customer
from customers.models.address import Role, street_lines


def postal_address(customer: Customer) -> Address | None:
    """Return the billing address of a customer, or else the default delivery address, or any."""
    rows = Address.objects.filter(store=customer.store_id, customer=customer)
    addresses = list(rows.order_by("position", "id"))
    return min(addresses, key=rank, default=None)


def rank(address: Address) -> int:
    if address.role == Role.BILLING:
        return 0
    return 1 if address.is_default else 2


def postal_lines(customer: Customer) -> list[str]:
    """Return name, company and address of a customer, a line each. The country only if it is another one."""
    lines = [customer.name, customer.company]
    if address := postal_address(customer):
        town = " ".join(filter(None, (address.city, address.state_code or address.state)))
        abroad = address.country_code not in ("", customer.store.country)
        lines += [
            *street_lines(address.line1, address.line2),
            " ".join(filter(None, (town, address.postcode))),
            address.country if abroad else "",
        ]
    return list(dict.fromkeys(line for line in lines if line)) or [str(customer)]
