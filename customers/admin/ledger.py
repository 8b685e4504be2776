from __future__ import annotations

from django.contrib import admin

from customers.models import LedgerEntry
from orders.admin.customer_search import CustomerSearch
from stores.admin.base import ReadOnlyAdmin
from stores.admin.display import amount
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator


@admin.register(LedgerEntry)
class LedgerEntryAdmin(CustomerSearch, ReadOnlyAdmin):
    """The statements of all accounts; entries are made on the customer's page."""

    list_display = [
        "created_at",
        "customer",
        "account",
        "booked",
        "balance",
        "reason",
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

    @admin.display(description="Amount", ordering="amount")
    def booked(self, entry: LedgerEntry) -> str:
        return f"{entry.amount:+,.2f}"

    @admin.display(description="Balance after")
    def balance(self, entry: LedgerEntry) -> str:
        return amount(entry.balance_after)
