from __future__ import annotations

from typing import Any

from django.contrib import admin

from orders.models import CreditCheck, Order, OrderLine, OrderSequence, Payment


@admin.register(Order, OrderLine, Payment, OrderSequence, CreditCheck)
class WrittenByServices(admin.ModelAdmin):
    """Rows that only services write: staff look at them here."""

    def has_add_permission(self, request: Any) -> bool:
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return False
