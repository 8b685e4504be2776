"""What every page of the back office shares: the stores of its user, and changes made by services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from stores.actors import Actor
from stores.admin.tenancy import narrowed
from stores.admin.wording import words
from stores.errors import DomainError


class ScopedFields:
    """Offers and accepts related rows of the user's stores only."""

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet:
        rows = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        if rows is None:
            rows = db_field.remote_field.model._default_manager.all()
        return narrowed(rows, request)


class ScopedAdmin(ScopedFields, admin.ModelAdmin):
    """A model's pages, of the user's stores only: lists, search, autocomplete, history, by id (404)."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return narrowed(super().get_queryset(request), request)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> Any:
        raise Http404(f"No {opts.verbose_name} {object_id} in your stores.")

    def actor(self, request: HttpRequest) -> Actor:
        return Actor.staff(request.user)

    def attempt(self, request: HttpRequest, done: str, change: Callable[[], Any]) -> bool:
        """Calls a service and tells how it went; whether it went well."""
        try:
            change()
        except DomainError as refusal:
            self.message_user(request, words(refusal), messages.ERROR)
            return False
        self.message_user(request, done, messages.SUCCESS)
        return True


class ReadOnly:
    """Shown, never changed here: services write it."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False


class ReadOnlyAdmin(ReadOnly, ScopedAdmin):
    """Pages of rows that only services write."""
