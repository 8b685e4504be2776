"""While somebody adds a customer: who of the book looks like them, and what tells these apart."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from customers.admin.resembling import Resembling, rows_of
from customers.matching.levels import LEVELS, Level
from customers.matching.services.typed import TEXTS, find_like_typed
from stores.admin.base import ScopedAdmin
from stores.admin.tenancy import scope_of
from stores.models import SentForm, Store

TEMPLATE = "admin/customers/customer/looks_like.html"
MAX_LENGTH = 500
ASK = "This may be somebody you have already: see below. Save again to add a new customer."


class TypedForm(forms.Form):
    """What is typed so far; what cannot be read yet is left out."""

    birth_date = forms.DateField(required=False)

    def __init__(self, stores: Any, data: Any) -> None:
        super().__init__(data)
        self.fields["store"] = forms.ModelChoiceField(stores)
        for name in TEXTS:
            self.fields[name] = forms.CharField(required=False, max_length=MAX_LENGTH)


class LikenessPages(ScopedAdmin):
    """Mixed into the pages of customers: who looks like what is typed."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.looks_like)
        name = "customers_customer_looks_like"
        return [path("looks-like/", view, name=name), *super().get_urls()]

    def looks_like(self, request: HttpRequest) -> HttpResponse:
        """Answer the part of the page that lists them; it is empty when nobody does, or nothing is typed."""
        if not (self.has_add_permission(request) and self.has_view_permission(request)):
            raise PermissionDenied
        form = TypedForm(scope_of(request).stores(), request.GET)
        form.is_valid()
        store: Store | None = form.cleaned_data.get("store")
        found = rows_of(store, find_like_typed(store, form.cleaned_data)) if store else []
        is_typed = any(form.cleaned_data.get(name) for name in TEXTS)
        needs_store = is_typed and not request.GET.get("store")
        context = {"resembling": found, "needs_store": needs_store}
        return render(request, TEMPLATE, context)


def check_likenesses(form: Any, data: dict[str, Any]) -> list[Resembling]:
    """Return who looks like the new customer of a form. Refuse when one is likely it and was not shown yet."""
    store, token = data.get("store"), data.get("once")
    # Sent twice: the first time has added the customer, who is much like itself.
    if store is None or (token and SentForm.objects.filter(token=token).exists()):
        return []
    # What was refused, such as an e-mail that somebody has, is no longer among the cleaned values.
    found = find_like_typed(store, {name: form.data.get(name) for name in TEXTS} | data)
    seen = set((data.get("seen_likenesses") or "").split(","))
    likely = [one for one in found if one.score.bits >= LEVELS[Level.LIKELY]]
    if any(str(one.customer_id) not in seen for one in likely) and not form.errors:
        form.add_error(None, ASK)
    return rows_of(store, found)
