from __future__ import annotations

from django.db import models

from orders.models.letter import Level
from stores.models.base import TenantModel


class LetterText(TenantModel):
    """What a store writes in its letters of a level, in place of the usual text."""

    level = models.PositiveSmallIntegerField("kind", choices=Level.choices)
    days_overdue = models.PositiveSmallIntegerField(
        "days overdue",
        null=True,
        blank=True,
        help_text="Of a reminder: it goes out from this day on.",
    )
    subject = models.CharField(max_length=150)
    body = models.TextField("text", max_length=5000)

    class Meta:
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["store", "level"], name="letter_text_once"),
        ]

    def __str__(self) -> str:
        return self.get_level_display()
