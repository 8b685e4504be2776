"""API keys: created, shown once and revoked. A key is never changed, for a client relies on its scopes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from stores.admin.base import ScopedAdmin
from stores.admin.display import chip
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.forms import FinalForm, ServiceForm
from stores.admin.name_field import NameField
from stores.admin.submissions import SubmissionTokenForm, submit_once
from stores.admin.tenancy import scope_of
from stores.api_keys import issue_key
from stores.models import ApiKey
from stores.scopes import SCOPES

CUSTOM = "own"
LOOK_UP = ["customers:read", "customers.list", "customers.get"]
TILL = [name for name in SCOPES if name.startswith("customers.")]
POS = [name for name in SCOPES if name.startswith(("customers.", "admin."))]
PRESETS: dict[str, tuple[str, list[str]]] = {
    "lookup": ("Look customers up, nothing else", LOOK_UP),
    "read": (
        "Read only",
        ["customers:read", "orders:read", "webhooks:read", "customers.list", "customers.get"],
    ),
    "orders": (
        "Place and change orders of known customers",
        ["customers:read", "orders:read", "orders:write"],
    ),
    "messages": ("Set up receivers of messages", ["webhooks:read", "webhooks:write"]),
    "till": ("Till: customers, accounts and points, without deleting", TILL),
    "pos": ("Point of sale", POS),
    "shop": (
        "Web shop",
        ["customers:read", "customers:write", "customers:delete", "orders:read", "orders:write"],
    ),
    "erp": ("ERP", [name for name in SCOPES if ":" in name]),
    "all": ("Everything", list(SCOPES)),
    CUSTOM: ("Only the scopes ticked below", []),
}


class KeyForm(SubmissionTokenForm, ServiceForm):
    preset = forms.ChoiceField(
        choices=[(name, label) for name, (label, _) in PRESETS.items()],
        initial="read",
        widget=forms.RadioSelect,
        label="Used for",
        help_text="Scopes ticked below are added.",
    )
    scopes = forms.MultipleChoiceField(
        choices=[(name, f"{name}: {words}") for name, words in SCOPES.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ApiKey
        fields = ["store", "name", "preset", "scopes", "expires_at"]
        field_classes = {"name": NameField}
        help_texts = {
            "name": "The system that uses the key. The timeline shows it beside every change.",
            "expires_at": "The key stops working at this time. Leave empty for no end.",
        }

    def clean_expires_at(self) -> Any:
        expires = self.cleaned_data["expires_at"]
        if expires is not None and expires <= timezone.now():
            raise forms.ValidationError("Enter a time in the future. This one is in the past.")
        return expires

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _, preset = PRESETS[data.get("preset") or CUSTOM]
        data["scopes"] = sorted({*preset, *data.get("scopes", [])})
        if not data["scopes"]:
            self.add_error("scopes", "A key needs at least one scope: tick a scope.")
        return data


@admin.register(ApiKey)
class ApiKeyAdmin(ScopedAdmin):
    form = KeyForm
    change_form_template = "admin/stores/apikey/page.html"
    list_display = ["name", "shown_id", "store", "state", "last_used_at", "expires_at"]
    list_filter = [("store", ScopedRelatedFilter)]
    list_select_related = ["store"]
    search_fields = ["name", "key_id"]
    facts = [
        "store",
        "name",
        "shown_id",
        "state",
        "may",
        "last_used_at",
        "expires_at",
        "created_at",
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        editable = ["store", "name", "expires_at", "preset", "scopes"]
        return [(None, {"fields": self.facts if obj else editable})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.facts if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "store" and scope_of(request).ids is not None:
            field.required = True  # a key without a store opens every store
            field.empty_label = None
        return field

    @admin.display(description="Begins with")
    def shown_id(self, key: ApiKey) -> str:
        return f"sk_live_{key.key_id}_…"

    @admin.display(description="State")
    def state(self, key: ApiKey) -> SafeString:
        if key.revoked_at is not None:
            return chip("revoked", kind="bad")
        usable = key.is_usable(timezone.now())
        return chip("in use", kind="quiet") if usable else chip("expired", kind="warn")

    @admin.display(description="May do")
    def may(self, key: ApiKey) -> SafeString:
        lines = ((name, SCOPES.get(name, "")) for name in key.scopes)
        return format_html_join("", "<div><code>{}</code> {}</div>", lines)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("store")

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        data = form.cleaned_data
        with submit_once(data["once"]) as sent:
            key, obj.text = issue_key(
                data["store"], data["name"], data["scopes"], data["expires_at"]
            )
            obj.pk, obj.key_id = key.pk, key.key_id
            sent.path = self.page_of(obj)

    def response_add(self, request: HttpRequest, obj: Any, *args: Any) -> HttpResponseBase:
        """Show the key's text this once. Without a redirect it is stored nowhere, not even in a session."""
        context = {
            **self.admin_site.each_context(request),
            "title": "The new key",
            "subtitle": str(obj),
            "opts": self.opts,
            "original": obj,
            "text": obj.text,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/stores/shown_once.html", context)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.button_path("revoke", self.revoke, "stores.change_apikey"),
            *super().get_urls(),
        ]

    def revoke(self, request: HttpRequest, key: ApiKey) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            key.revoke()
            return "The key is revoked and works no longer."

        form, title = FinalForm(request.POST or None), f"Revoke {key.name}"
        return self.form_response(
            request, key, form, change, title=title, button="Revoke for good", hint=last_use(key)
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        key = context.get("original")
        may_change = request.user.has_perm("stores.change_apikey")
        context["may_revoke"] = may_change and key is not None and key.revoked_at is None
        return super().render_change_form(request, context, *args, **kwargs)


def last_use(key: ApiKey) -> str:
    """Return what revoking a key does, and when the key was last used."""
    used = key.last_used_at
    when = (
        f"last used on {date_format(localtime(used), 'DATETIME_FORMAT')}" if used else "never used"
    )
    return f"Its system is refused from now on, and nobody can take that back. It was {when}."
