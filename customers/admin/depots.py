from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from customers.admin.word_search import WordSearch
from customers.models import Customer, Depot
from customers.services.depots import delete_depot
from stores.admin.deleting import AsksBeforeDeleting, how_many
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.generic import AnyModelForm
from stores.admin.name_field import NameField


class DepotForm(AnyModelForm):
    class Meta:
        model = Depot
        fields = "__all__"
        field_classes = {"name": NameField}


@admin.register(Depot)
class DepotAdmin(WordSearch, AsksBeforeDeleting):
    """Depots. A service deletes one, because its customers change and get events."""

    form = DepotForm
    list_display = ["name", "store"]
    list_filter = [("store", ScopedRelatedFilter)]
    list_select_related = ["store"]
    search_fields = ["name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["store"] if obj else []

    def delete_model(self, request: HttpRequest, obj: Depot) -> None:
        delete_depot(obj.as_queryset(), self.actor(request))

    def consequence(self, obj: Depot) -> str:
        rows = Customer.objects.filter(store=obj.store_id, default_depot=obj)
        return f"{how_many(rows, 'customer', 'customers')} will be without a depot."
