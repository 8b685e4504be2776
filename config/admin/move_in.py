"""Move customers in from another server. The worker fetches them; then it is an import like any."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from customers.api.remote.moving import NO_BALANCES, client_of, open_job
from customers.api.remote.server import RemoteError, require_public
from customers.dialects import packages, registered_dialects
from customers.imports.admin.imports import PERMISSION
from customers.imports.models import ImportSource
from customers.imports.services.sources import save_key
from stores.actors import Actor
from stores.admin.query import whole_number
from stores.admin.submissions import (
    SENT_BEFORE,
    DuplicateSubmission,
    SubmissionTokenField,
    submit_once,
)
from stores.admin.tenancy import narrowed, scope_of
from stores.models import Store


class MoveInForm(forms.Form):
    store = forms.ModelChoiceField(Store.objects.none(), help_text="Whose customers they become.")
    dialect = forms.ChoiceField(label="Kind of server", help_text="The API that it serves.")
    url = forms.CharField(
        max_length=500,
        label="Address",
        help_text="Such as https://crm.example.com, without a path.",
    )
    key = forms.CharField(
        max_length=500,
        label="API key there",
        required=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
    )
    opening = forms.BooleanField(
        required=False,
        label="Opening balances",
        help_text="Post what customers who come for the first time owe there, each as one entry of today.",
    )
    once = SubmissionTokenField()

    def __init__(self, stores: Any, has_key: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["store"].queryset = stores
        if stores.count() == 1:
            fields["store"].initial = stores.first()
        fields["dialect"].choices = [(one.name, one.title) for one in registered_dialects()]
        known = " Leave it blank for the one that was given before." if has_key else ""
        self.fields["key"].help_text = f"It may only read. It is kept encrypted.{known}"

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).rstrip("/")
        try:
            require_public(url)
        except RemoteError as error:
            raise forms.ValidationError(str(error)) from error
        return url

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if not key.isascii() or not key.isprintable():
            raise forms.ValidationError("A key has letters, digits and signs only.")
        return key

    def clean_opening(self) -> bool:
        package = packages().get(self.cleaned_data.get("dialect", ""))
        if self.cleaned_data["opening"] and package and not client_of(package).balance:
            raise forms.ValidationError(NO_BALANCES)
        return bool(self.cleaned_data["opening"])

    def clean(self) -> dict[str, Any]:
        """Ask for the key unless it was given before, for this very server: none is sent to another."""
        data = self.cleaned_data
        if not self.errors and not data["key"]:
            server = {"store": data["store"], "dialect": data["dialect"], "base_url": data["url"]}
            if not ImportSource.objects.filter(**server).exclude(key=b"").exists():
                self.add_error("key", "Enter a key of that server.")
        return data


def move_in(request: HttpRequest) -> HttpResponse:
    """Ask for the server, then show the import that fetches from it."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    source = source_of(request)
    initial = (
        {"store": source.store_id, "dialect": source.dialect, "url": source.base_url}
        if source
        else {}
    )
    stores = scope_of(request).stores()
    has_key = source is not None and bool(source.key)
    form = MoveInForm(stores, has_key, request.POST or None, initial=initial)
    if form.is_valid():
        try:
            return HttpResponseRedirect(begin(request, form.cleaned_data))
        except DuplicateSubmission as before:
            messages.warning(request, SENT_BEFORE)
            return HttpResponseRedirect(before.path)
        except RemoteError as error:
            form.add_error("opening", str(error))
    context = {**admin.site.each_context(request), "title": "Move customers in", "form": form}
    return TemplateResponse(request, "admin/imports/move_in.html", context)


def source_of(request: HttpRequest) -> ImportSource | None:
    """Return the server that the page is about, if it was moved in from before."""
    pk = whole_number(request.GET.get("source", ""))
    if pk is None:
        return None
    source: ImportSource | None = narrowed(ImportSource.objects.filter(pk=pk), request).first()
    return source


def begin(request: HttpRequest, data: dict[str, Any]) -> str:
    """Open the import, or find the one that is under way, and return the path of its page."""
    with submit_once(data["once"]) as sent:
        dialect = data["dialect"]
        opening = client_of(packages()[dialect]) if data["opening"] else None
        job = open_job(
            data["store"],
            Actor.staff(request.user),
            dialect,
            data["url"],
            sync=True,
            client=opening,
        )
        if data["key"]:
            save_key(job, data["key"])
        sent.path = reverse("admin:imports_importjob_change", args=[job.pk])
    return sent.path
