from __future__ import annotations

from django.contrib import admin

from stores.admin.base import ReadOnlyAdmin
from stores.models import WebhookDelivery, WebhookEndpoint


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyAdmin):
    list_display = ["url", "store", "is_active", "failure_count"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = ["event", "endpoint", "status", "attempt_count", "last_error"]
    list_select_related = ["event", "endpoint"]
