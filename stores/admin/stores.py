from __future__ import annotations

from django.contrib import admin

from stores.admin.base import ScopedAdmin
from stores.admin.filters import ScopedRelatedFilter
from stores.models import DeliveryZone, Depot, Store


@admin.register(Store)
class StoreAdmin(ScopedAdmin):
    list_display = ["name", "country", "currency", "timezone"]
    search_fields = ["name"]


@admin.register(Depot)
class DepotAdmin(ScopedAdmin):
    list_display = ["name", "store"]
    list_filter = [("store", ScopedRelatedFilter)]
    search_fields = ["name"]


@admin.register(DeliveryZone)
class DeliveryZoneAdmin(ScopedAdmin):
    list_display = ["name", "reference", "store"]
    list_filter = [("store", ScopedRelatedFilter)]
    search_fields = ["name", "reference"]
