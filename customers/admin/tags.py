from __future__ import annotations

from django.contrib import admin

from customers.models import Tag
from stores.admin.base import ReadOnlyAdmin


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    list_display = ["name", "store"]
