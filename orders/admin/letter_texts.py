"""The pages where a store writes its own texts of letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join

from orders.letters.placeholders import PLACEHOLDERS
from orders.letters.texts import DEFAULTS
from orders.models import LetterText
from orders.services.letter_texts import save_text
from stores.admin.deleting import AsksBeforeDeleting
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.forms import ServiceForm


class LetterTextForm(ServiceForm):
    class Meta:
        model = LetterText
        fields = "__all__"
        help_texts = {"subject": "One line. Facts of the customer stand in braces, as in the text."}
        widgets = {"body": forms.Textarea({"rows": 14})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].help_text = format_html_join(
            ", ", "<code>{{{}}}</code> {}", PLACEHOLDERS.items()
        )


@admin.register(LetterText)
class LetterTextAdmin(AsksBeforeDeleting):
    """The texts of statements and reminders. For a kind without one the usual text is sent."""

    form = LetterTextForm
    list_display = ["level", "subject", "days_overdue", "store"]
    list_filter = [("store", ScopedRelatedFilter)]
    list_select_related = ["store"]
    fields = ["store", "level", "days_overdue", "subject", "body"]
    ordering = ["store", "level"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["store", "level"] if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        usual = DEFAULTS[1]
        initial = {
            "level": 1,
            "days_overdue": usual.days_overdue,
            "subject": usual.subject,
            "body": usual.body,
        }
        return initial | super().get_changeform_initial_data(request)

    def consequence(self, obj: Any) -> str:
        return "From then on the usual text is sent."

    def save_model(self, request: HttpRequest, obj: LetterText, form: Any, change: bool) -> None:
        save_text(obj)
