from __future__ import annotations

from django.contrib import admin

from customers.models import Customer
from stores.admin.base import ReadOnlyAdmin


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    list_display = ["name", "company", "email", "phone", "store"]
    list_select_related = ["store"]
