from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString

from customers.models import Customer, LedgerEntry
from stores.admin.base import ReadOnlyAdmin
from stores.admin.display import amount, number
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.paging import BoundedPaginator


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
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

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> Any:
        text = search_term.strip().replace("\0", "")
        if text:
            queryset = queryset.filter(customer__in=Customer.objects.live().matching(text))
        return queryset, False

    @admin.display(description="Amount", ordering="amount")
    def booked(self, entry: LedgerEntry) -> SafeString:
        return number(f"{entry.amount:+,.2f}")

    @admin.display(description="Balance after")
    def balance(self, entry: LedgerEntry) -> SafeString:
        return number(amount(entry.balance_after))
