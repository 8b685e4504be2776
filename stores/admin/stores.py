from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest

from stores.admin.base import ScopedAdmin
from stores.admin.generic import AnyModelForm
from stores.admin.name_field import NameField
from stores.models import Store


class StoreForm(AnyModelForm):
    class Meta:
        model = Store
        fields = "__all__"
        field_classes = {"name": NameField}


@admin.register(Store)
class StoreAdmin(ScopedAdmin):
    """A store and the people who work in it. A store is never deleted, because all its data belongs to it."""

    form = StoreForm
    list_display = ["name", "country", "currency", "timezone"]
    search_fields = ["name"]
    fields = ["name", ("country", "currency"), "timezone", "max_overdue_days", "tax_years", "staff"]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # others assign people on the person's page, which checks whom they may change
        return [] if request.user.is_superuser else ["staff"]

    def get_field_queryset(
        self, db: str | None, db_field: Any, request: HttpRequest
    ) -> QuerySet[Any]:
        people = super().get_field_queryset(db, db_field, request)
        if db_field.related_model is get_user_model():
            # also people of other stores: a superuser of this store may assign them
            return get_user_model().objects.filter(is_active=True).order_by("username")
        return people

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
