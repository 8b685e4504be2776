from __future__ import annotations

from decimal import Decimal

from django.contrib import admin

from customers.models import LedgerEntry
from customers.models.ledger import Account
from orders.admin.customer_search import CustomerSearch
from orders.statements.words import kind_of_entry
from stores.admin.base import ReadOnlyAdmin
from stores.admin.display import points, signed, store_amount
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator
from stores.models import Store

POINTS_REASONS = {
    "points_taken_back": "Points of an order taken back",
    "merge": "Moved by a merge",
    "unmerge": "Moved back from a merge",
}
POINTS = {True: "Points given", False: "Points taken"}  # by whether the amount is positive


def entry_kind(entry: LedgerEntry) -> str:
    """Return what an entry is for staff."""
    if entry.account == Account.HOUSE:
        return kind_of_entry(entry)
    return POINTS_REASONS.get(entry.reason, POINTS[entry.amount > 0])


def entry_amount(entry: LedgerEntry, value: Decimal, store: Store) -> str:
    """Return an amount of an entry of this store: money, or points."""
    show = store_amount if entry.account == Account.HOUSE else points
    return show(value, store)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(CustomerSearch, ReadOnlyAdmin):
    """The statements of all accounts. New entries are posted on the customer's page."""

    list_display = [
        "created_at",
        "customer",
        "account",
        "booked",
        "balance",
        "kind",
        "notes",
        "actor_name",
        "store",
    ]
    list_filter = [("store", ScopedRelatedFilter), "account"]
    list_select_related = ["customer", "store"]
    search_fields = ["customer__name"]  # how it is searched: get_search_results
    search_help_text = "Any part of the customer's name, company, e-mail or phone."
    ordering = ["-id"]
    list_per_page = 50
    paginator = BoundedPaginator
    fields = [
        "customer",
        "account",
        "kind",
        "booked",
        "balance",
        "method",
        "notes",
        "order_uid",
        "actor_name",
        "created_at",
    ]
    readonly_fields = ["kind", "booked", "balance"]

    def row_title(self, row: LedgerEntry) -> str:
        return f"{self.kind(row)}: {self.booked(row)}"

    @admin.display(description="Kind", ordering="reason")
    def kind(self, entry: LedgerEntry) -> str:
        return entry_kind(entry)

    @admin.display(description="Amount", ordering="amount")
    def booked(self, entry: LedgerEntry) -> str:
        return signed(entry.amount, entry_amount(entry, entry.amount, entry.store))

    @admin.display(description="Balance after")
    def balance(self, entry: LedgerEntry) -> str:
        return entry_amount(entry, entry.balance_after, entry.store)
