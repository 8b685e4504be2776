from __future__ import annotations

from django.contrib import admin

from stores.admin.base import ReadOnlyAdmin
from stores.models import Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "type", "actor_name", "version"]
