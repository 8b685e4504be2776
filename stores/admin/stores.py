from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest

from stores.admin.base import ScopedAdmin
from stores.models import Store


@admin.register(Store)
class StoreAdmin(ScopedAdmin):
    """A store with its people. Nobody deletes a store: its book hangs on it."""

    list_display = ["name", "country", "currency", "timezone"]
    search_fields = ["name"]
    fields = ["name", ("country", "currency"), "timezone", "staff"]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # binding people is done with the person, where it can be seen who may touch whom
        return [] if request.user.is_superuser else ["staff"]

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
