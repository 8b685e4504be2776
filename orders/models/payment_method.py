from __future__ import annotations

import re

from django.db import models

from customers.canonical import fold
from stores.models.base import TenantModel

DEFAULT_METHODS = (
    "cash",
    "card",
    "bank transfer",
    "cheque",
)  # of a store without a list of its own
SEPARATORS = re.compile(r"[\W_]+")


def method_key(text: str) -> str:
    """Return the form in which methods are compared: without case, accents, spaces and hyphens."""
    return SEPARATORS.sub("", fold(text))


class PaymentMethod(TenantModel):
    """A way in which a store's customers pay."""

    name = models.CharField(max_length=50)
    key = models.CharField(max_length=100, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "key"], name="payment_method_once"),
        ]

    def __str__(self) -> str:
        return self.name
