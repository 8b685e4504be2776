"""The columns of exported customers, with their addresses and contacts.

A column has a name for programs and a heading for people. Both stay as they are once released: an import
finds the columns of earlier exports by them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from customers.models.choices import Gender
from customers.reads import Row

SEPARATOR = re.compile(r'[",;\r\n]| ::: |^\s')  # imports split tags at these


@dataclass(frozen=True)
class Column:
    name: str
    heading: str
    value_of: Callable[[Row], Any]


def stored(name: str, heading: str) -> Column:
    """Return a column of what a row has under the same name."""
    return Column(name, heading, itemgetter(name))


def gender(row: Row) -> str:
    return Gender(row["gender"]).label if row["gender"] else ""


def tags(row: Row) -> str:
    """Return the names of the tags, with commas between them; one with a separator is in quotes, as in CSV."""
    return ",".join(quoted(tag["name"]) for tag in row["tags"])


def quoted(name: str) -> str:
    quotes = name.replace('"', '""')
    return f'"{quotes}"' if SEPARATOR.search(name) else name


CUSTOMER_COLUMNS = (
    stored("uid", "Customer id"),  # the first: by it an import finds the customer again
    Column("store", "Store", itemgetter("store_name")),
    stored("name", "Name"),
    stored("first_name", "First name"),
    stored("last_name", "Last name"),
    stored("company", "Company"),
    stored("email", "E-mail"),
    stored("cc_email", "Copy e-mail to"),
    stored("phone", "Phone"),
    stored("mobile", "Mobile"),
    stored("fax", "Fax"),
    stored("website", "Website"),
    Column("gender", "Gender", gender),
    stored("birth_date", "Birthday"),
    stored("tax_id", "Tax id"),
    stored("external_id", "External id"),
    Column("tags", "Tags", tags),
    stored("notes", "Notes"),
    stored("marketing_opt_in", "Marketing consent"),
    stored("marketing_opt_in_at", "Consent given or withdrawn"),
    stored("is_active", "Active"),
    stored("is_blacklisted", "Blacklisted"),
    stored("blacklist_reason", "Blacklisted because"),
    stored("hold_reason", "On hold because"),
    stored("payment_terms", "Payment terms"),
    stored("currency", "Currency"),
    stored("discount_rate", "Discount in percent"),
    stored("price_adjustment", "Price adjustment in percent"),
    stored("minimum_charge_amount", "Minimum charge"),
    stored("minimum_freight_amount", "Minimum freight"),
    stored("preferred_shipping", "Preferred shipping"),
    stored("is_account_enabled", "House account"),
    Column("account_currency", "Currency of amounts", itemgetter("store_currency")),
    stored("credit_limit", "Credit limit"),
    stored("account_balance", "Owes"),
    stored("is_loyalty_enabled", "Loyalty"),
    stored("loyalty_balance", "Points"),
    stored("is_beta", "Beta features"),
    stored("is_assembly_enabled", "May order assembled goods"),
    stored("order_count", "Orders"),
    stored("total_spent", "Spent"),
    stored("first_order_at", "First order"),
    stored("last_order_at", "Last order"),
    stored("customer_since", "Customer since"),
    stored("created_at", "Created"),
    stored("deleted_at", "Deleted"),
)
ADDRESS_COLUMNS = (
    stored("label", "Label"),
    stored("first_name", "Recipient's first name"),
    stored("last_name", "Recipient's last name"),
    stored("company", "Company"),
    stored("phone", "Phone"),
    stored("line1", "Street"),
    stored("line2", "Unit, level, building"),
    stored("city", "City"),
    stored("state", "State"),
    stored("postcode", "Postcode"),
    stored("country", "Country"),
    stored("external_id", "External id"),
)
CONTACT_COLUMNS = (
    stored("name", "Name"),
    stored("title", "Title"),
    stored("email", "E-mail"),
    stored("phone", "Phone"),
    stored("is_primary", "Primary"),
)


def prefixed(columns: Iterable[Column], name: str, heading: str) -> tuple[Column, ...]:
    """Return the columns of one of several addresses or contacts, which its number or its use tells apart."""
    return tuple(
        replace(column, name=f"{name}_{column.name}", heading=f"{heading}: {column.heading}")
        for column in columns
    )


BILLING_COLUMNS = prefixed(ADDRESS_COLUMNS, "billing", "Billing address")


def delivery_columns(number: int) -> tuple[Column, ...]:
    """Return the columns of a delivery address; number 1 is the default one."""
    return prefixed(ADDRESS_COLUMNS, f"delivery_{number}", f"Delivery address {number}")


def contact_columns(number: int) -> tuple[Column, ...]:
    return prefixed(CONTACT_COLUMNS, f"contact_{number}", f"Contact {number}")
