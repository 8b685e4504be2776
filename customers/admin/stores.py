from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from customers.models import DeliveryZone, Depot
from orders.queries import has_money
from stores.admin.forms import TableFormSet
from stores.admin.generic import AnyTabularInline
from stores.admin.stores import StoreAdmin
from stores.models import Store

admin.site.unregister(Store)


class DepotInline(AnyTabularInline):
    model = Depot
    formset = TableFormSet
    extra = 0
    fields = ["name"]
    can_delete = False  # on the depot's own page, for its customers change too


@admin.register(Store)
class StoreWithDepotsAdmin(StoreAdmin):
    """Add depots and delivery zones to a store's page; the app `stores` does not know them."""

    zones_shown = 20
    inlines = [DepotInline]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*self.fields, "delivery_zones"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # What was ordered and owed was said in the currency that the store had then.
        fixed = ["currency"] if obj and has_money(obj) else []
        return [*super().get_readonly_fields(request, obj), *fixed, "delivery_zones"]

    @admin.display(description="Delivery zones")
    def delivery_zones(self, store: Store) -> SafeString:
        zones = DeliveryZone.objects.filter(store=store).order_by("name")
        names = list(zones.values_list("name", flat=True)[: self.zones_shown])
        url = f"{reverse('admin:customers_deliveryzone_changelist')}?store__id__exact={store.pk}"
        return format_html('<a href="{}">{}</a>', url, ", ".join(names) or "None yet")
