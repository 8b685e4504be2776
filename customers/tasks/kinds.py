"""The kinds of tasks. Their words, counts and pages are in `config/admin/today/`."""

from __future__ import annotations

from django.db import models


class TaskKind(models.TextChoices):
    OVERDUE = "overdue"
    OVER_LIMIT = "over_limit"
    TO_SHIP = "to_ship"
    DUPLICATES = "duplicates"
    ADDRESSES = "addresses"
    IMPORT = "import"
    WEBHOOK = "webhook"
    PRIVACY = "privacy"
    RETENTION = "retention"
    RECEIPTS = "receipts"
