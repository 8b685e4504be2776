from __future__ import annotations

from django.contrib import admin

from stores.admin.base import ReadOnlyAdmin
from stores.models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ["name", "store", "last_used_at", "expires_at", "revoked_at"]
    exclude = ["secret_hash"]
