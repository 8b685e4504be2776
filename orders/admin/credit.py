from __future__ import annotations

from django.contrib import admin

from orders.models import CreditCheck
from stores.admin.base import ReadOnlyAdmin


@admin.register(CreditCheck)
class CreditCheckAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "customer", "score", "rating", "actor_name"]
    list_select_related = ["customer"]
