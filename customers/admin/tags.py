from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from customers.models import CustomerTag, Tag
from customers.models.substring_search import tags_called
from customers.services import tags
from stores.admin.deleting import AsksBeforeDeleting, how_many
from stores.admin.display import chip
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.forms import ServiceForm
from stores.admin.name_field import NameField
from stores.admin.tenancy import scope_of
from stores.database.compiled import named_store

BLACK = "#000000"


class TagForm(ServiceForm):
    class Meta:
        model = Tag
        fields = ["store", "name", "color"]
        field_classes = {"name": NameField}
        widgets = {"color": forms.TextInput(attrs={"type": "color"})}

    def clean_color(self) -> str:
        """Take black for no colour: a browser's colour field is never empty, and shows no colour as black."""
        color = self.cleaned_data["color"]
        return color if color != BLACK or self.initial.get("color") else ""


@admin.register(Tag)
class TagAdmin(AsksBeforeDeleting):
    form = TagForm
    list_display = ["colored_name", "customers_link", "store"]
    list_display_links = ["colored_name"]
    list_filter = [("store", ScopedRelatedFilter)]
    list_select_related = ["store"]
    search_fields = ["key"]  # how it is searched: get_search_results
    autocomplete_fields = ["store"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the live customers of each tag: all, less the few deleted ones."""
        rows: QuerySet[Tag] = super().get_queryset(request)
        store = named_store(rows.query) or OuterRef("store")
        tagged = CustomerTag.objects.filter(store=store, tag=OuterRef("pk")).order_by()
        deleted = tagged.exclude(customer__deleted_at=None)
        return rows.annotate(customer_count=count_by_tag(tagged) - count_by_tag(deleted))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search in any case and spelling."""
        text = search_term.strip()
        return (tags_called(queryset, text) if text else queryset), False

    def get_readonly_fields(self, request: HttpRequest, obj: Tag | None = None) -> list[str]:
        return ["store"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        stores = scope_of(request).stores()[:2]
        only = {"store": stores[0]} if len(stores) == 1 else {}
        return {"color": "#0f766e", **only, **super().get_changeform_initial_data(request)}

    @admin.display(description="Tag", ordering="name")
    def colored_name(self, tag: Tag) -> SafeString:
        return chip(tag.name, tag.color)

    @admin.display(description="Customers", ordering="customer_count")
    def customers_link(self, tag: Any) -> SafeString:
        url = reverse("admin:customers_customer_changelist")
        return format_html('<a href="{}?tag={}">{}</a>', url, tag.pk, tag.customer_count)

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        data = form.cleaned_data
        if change:
            fields: Any = {name: data[name] for name in form.changed_data}
            tags.update_tag(obj.as_queryset(), self.actor(request), fields)
        else:
            obj.pk = tags.create_tag(data["store"], data["name"], data["color"]).pk

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        tags.delete_tag(obj.as_queryset(), self.actor(request))

    def consequence(self, obj: Tag) -> str:
        rows = CustomerTag.objects.filter(store=obj.store_id, tag=obj)
        return f"{how_many(rows, 'customer', 'customers')} will lose this tag, and stay."


def count_by_tag(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.values("tag").annotate(count=Count("tag")).values("count")), 0)
