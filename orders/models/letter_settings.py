from __future__ import annotations

from django.db import models

from stores.models.base import TenantModel


class LetterSettings(TenantModel):
    """How a store writes to its customers."""

    letterhead = models.TextField(
        max_length=500, blank=True, help_text="Below the store's name: address, phone, tax number."
    )
    how_to_pay = models.TextField(
        max_length=500,
        blank=True,
        help_text="For example the bank account, at the foot of letters.",
    )
    reply_to = models.EmailField("answers go to", max_length=254, blank=True)
    reminds_by_itself = models.BooleanField(
        "send reminders without being asked",
        default=False,
        help_text="The worker sends each reminder on its day.",
    )

    class Meta:
        verbose_name_plural = "letter settings"
        constraints = [
            models.UniqueConstraint(fields=["store"], name="letter_settings_once"),
        ]

    def __str__(self) -> str:
        return f"Letters of {self.store}"
