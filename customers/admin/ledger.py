from __future__ import annotations

from django.contrib import admin

from customers.models import LedgerEntry
from stores.admin.base import ReadOnlyAdmin


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "customer", "account", "amount", "balance_after", "actor_name"]
    list_select_related = ["customer"]
