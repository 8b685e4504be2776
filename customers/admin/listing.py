"""The columns of the customer list."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from customers.admin.term_amounts import TermAmounts
from customers.models import Address, Customer, CustomerTag
from customers.models.address import Role
from stores.admin.display import chip, store_amount

# the columns' fields; a customer has forty more
LIST_FIELDS = (
    "uid",
    "name",
    "company",
    "email",
    "phone",
    "deleted_at",
    "is_active",
    "is_blacklisted",
    "order_count",
    "total_spent",
    "account_balance",
    "credit_limit",
    "last_order_at",
    "store__name",
    "store__currency",
    "store__country",
)


FIELDS_OF_COLUMNS = {"birthday": ("birth_date",), "since": ("customer_since",)}


def fields_of(columns: Collection[str]) -> list[str]:
    """Return the fields that these columns of the list need."""
    return [*LIST_FIELDS, *(n for name in columns for n in FIELDS_OF_COLUMNS.get(name, ()))]


def with_children(customers: QuerySet[Any], columns: Collection[str]) -> QuerySet[Any]:
    """Prefetch tags and towns of all rows, each in one query, if their columns are shown."""
    if "tag_chips" in columns:
        customers = with_tags(customers)
    if "town" in columns:
        rows = Address.objects.filter(role=Role.DELIVERY, is_default=True)
        rows = rows.only("customer_id", "city", "store_id")
        customers = customers.prefetch_related(Prefetch("addresses", rows, "default_addresses"))
    return customers


def with_tags(customers: QuerySet[Any]) -> QuerySet[Any]:
    """Prefetch the tags of all rows in one query."""
    rows = CustomerTag.objects.select_related("tag").order_by("id")
    rows = rows.only("customer_id", "tag__name", "tag__color")
    return customers.prefetch_related(Prefetch("customer_tags", rows))


class CustomerColumns(TermAmounts):
    """Mixed into the admin of customers, live and deleted."""

    @admin.display(description="Customer", ordering="name_key")
    def customer_name(self, customer: Customer) -> SafeString:
        second = customer.company if customer.company != str(customer) else ""
        template = '{} {}<span class="second">{}</span>'
        return format_html(template, str(customer), self.state(customer) or "", second)

    @admin.display(description="Contact", ordering="email_key")
    def contact(self, customer: Customer) -> str:
        if not customer.email:
            return customer.phone
        name, at, host = customer.email.rpartition("@")
        template = '{}<wbr>{}{}<span class="second">{}</span>'
        return format_html(template, name, at, host, customer.phone)

    @admin.display(description="Tags")
    def tag_chips(self, customer: Customer) -> SafeString:
        rows = customer.customer_tags.all()
        chips = ((chip(row.tag.name, row.tag.color),) for row in rows)
        return format_html_join(" ", "{}", chips)

    def state(self, customer: Customer) -> SafeString | None:
        """Return an unusual status, or None for an active customer."""
        if customer.deleted_at:
            return chip("deleted", kind="quiet")
        if customer.is_blacklisted:
            return chip("barred", kind="bad")
        return None if customer.is_active else chip("suspended", kind="warn")

    @admin.display(description="Orders", ordering="order_count")
    def orders_placed(self, customer: Customer) -> int | None:
        return customer.order_count or None

    @admin.display(description="Spent", ordering="total_spent")
    def spent(self, customer: Customer) -> str | None:
        spent = store_amount(customer.total_spent, customer.store)
        return spent if customer.order_count else None

    @admin.display(description="Owes", ordering="account_balance")
    def owes(self, customer: Customer) -> str | None:
        balance, limit = customer.account_balance, customer.credit_limit
        if limit is not None and balance > limit:
            return format_html(
                '<span class="over">{}</span>', store_amount(balance, customer.store)
            )
        return store_amount(balance, customer.store) if balance else None

    @admin.display(description="Last order", ordering="last_order_at")
    def last_order(self, customer: Customer) -> date | None:
        at = customer.last_order_at
        return localtime(at).date() if at else None

    @admin.display(description="Birthday")
    def birthday(self, customer: Customer) -> date | None:
        return customer.birth_date

    @admin.display(description="Customer since")
    def since(self, customer: Customer) -> date:
        return localtime(customer.customer_since).date()

    @admin.display(description="Town")
    def town(self, customer: Any) -> str:
        return next((address.city for address in customer.default_addresses), "")
