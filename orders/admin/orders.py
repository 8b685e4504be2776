from __future__ import annotations

from django.contrib import admin

from orders.models import Order
from stores.admin.base import ReadOnlyAdmin


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["number", "customer", "status", "payment_status", "total", "placed_at"]
    list_select_related = ["customer"]
