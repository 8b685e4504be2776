from __future__ import annotations

from datetime import timedelta

from django.db import models

LIFETIME = timedelta(days=30)


class SentForm(models.Model):
    """The token of a form of the back office that took effect: sent again, it has no effect.

    It is written in the transaction of the effect. A refused form leaves none.
    """

    token = models.UUIDField(primary_key=True)
    path = models.CharField(max_length=255, help_text="Where what was booked is shown.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.path
