from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from customers.admin.word_search import WordSearch
from customers.models import Address, DeliveryZone
from customers.services.delivery_zones import create_zone, delete_zone, update_zone
from stores.admin.deleting import AsksBeforeDeleting, how_many
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.forms import ServiceForm
from stores.admin.name_field import NameField


class ZoneForm(ServiceForm):
    class Meta:
        model = DeliveryZone
        fields = ["store", "name", "reference"]
        field_classes = {"name": NameField}
        help_texts = {
            "name": "The name that addresses show, such as North.",
            "reference": "Your own code for the zone, such as a route number.",
        }


@admin.register(DeliveryZone)
class DeliveryZoneAdmin(WordSearch, AsksBeforeDeleting):
    """Delivery zones. A service changes one, because customers with addresses in it get events."""

    form = ZoneForm
    list_display = ["name", "reference", "store"]
    list_filter = [("store", ScopedRelatedFilter)]
    list_select_related = ["store"]
    search_fields = ["name", "reference"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["store"] if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        data = form.cleaned_data
        if change:
            fields: Any = {name: data[name] for name in form.changed_data}
            update_zone(obj.as_queryset(), self.actor(request), fields)
        else:
            obj.pk = create_zone(data["store"], data["name"], data["reference"]).pk

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        delete_zone(obj.as_queryset(), self.actor(request))

    def consequence(self, obj: Any) -> str:
        rows = Address.objects.filter(store=obj.store_id, delivery_zone=obj)
        return f"{how_many(rows, 'address', 'addresses')} will be without a zone."
