from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from stores.admin.base import ScopedAdmin
from stores.admin.forms import TableFormSet
from stores.admin.generic import AnyTabularInline
from stores.models import DeliveryZone, Depot, Store


class DepotInline(AnyTabularInline):
    model = Depot
    formset = TableFormSet
    extra = 0
    fields = ["name"]
    can_delete = False  # on the depot's own page, for its customers are told


@admin.register(Store)
class StoreAdmin(ScopedAdmin):
    """A store with its depots and its people. Nobody deletes a store: its book hangs on it."""

    list_display = ["name", "country", "currency", "timezone"]
    search_fields = ["name"]
    fields = ["name", ("country", "currency"), "timezone", "staff"]
    zones_shown = 20
    inlines = [DepotInline]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*self.fields, "delivery_zones"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # binding people is done with the person, where it can be seen who may touch whom
        return ["delivery_zones"] if request.user.is_superuser else ["staff", "delivery_zones"]

    @admin.display(description="Delivery zones")
    def delivery_zones(self, store: Store) -> SafeString:
        zones = DeliveryZone.objects.filter(store=store).order_by("name")
        names = list(zones.values_list("name", flat=True)[: self.zones_shown])
        url = f"{reverse('admin:stores_deliveryzone_changelist')}?store__id__exact={store.pk}"
        return format_html('<a href="{}">{}</a>', url, ", ".join(names) or "None yet")

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> QuerySet[Any]:
        found = super().get_field_queryset(db, db_field, request)
        if db_field.related_model is get_user_model():
            # a superuser bound to this store still binds whoever is not
            return get_user_model().objects.filter(is_active=True).order_by("username")
        return found

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
