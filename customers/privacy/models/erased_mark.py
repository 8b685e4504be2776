from __future__ import annotations

from django.db import models
from django.utils import timezone

from stores.models.base import TenantModel


class ErasedMark(TenantModel):
    """The keyed hash of an e-mail or a phone of an erased customer. It flags a person who returns.

    The hash needs the server's SECRET_KEY, so nobody can find the e-mail from the database alone.
    """

    digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "digest"], name="erased_mark_once")]

    def __str__(self) -> str:
        return self.digest[:8]
