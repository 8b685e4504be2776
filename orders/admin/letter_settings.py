"""The page of a store's letter settings."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from orders.models import LetterSettings
from orders.services.letter_texts import save_settings
from stores.admin.deleting import AsksBeforeDeleting
from stores.admin.forms import ServiceForm


@admin.register(LetterSettings)
class LetterSettingsAdmin(AsksBeforeDeleting):
    """Letterhead, how to pay, and whether reminders go out by themselves."""

    form = ServiceForm
    list_display = ["store", "reply_to", "reminds_by_itself"]
    list_select_related = ["store"]
    fields = ["store", "letterhead", "how_to_pay", "reply_to", "reminds_by_itself"]
    ordering = ["store"]

    def get_list_display(self, request: HttpRequest) -> Any:
        return self.list_display

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["store"] if obj else []

    def consequence(self, obj: Any) -> str:
        return (
            "Letters then go out without letterhead, and reminders only when somebody sends them."
        )

    def save_model(
        self, request: HttpRequest, obj: LetterSettings, form: Any, change: bool
    ) -> None:
        save_settings(obj)
