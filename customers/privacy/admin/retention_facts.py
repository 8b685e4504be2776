"""What the page of a rule of retention shows: its preview with examples, and its runs."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from customers.models import Customer
from customers.privacy.models import RetentionRule, RetentionRun
from customers.privacy.models.retention_rule import Retained
from customers.privacy.services.retention.keeping import REASONS
from customers.privacy.words import sentence

RUNS_SHOWN = 12


def kept_of(numbers: dict[str, int]) -> list[tuple[str, int]]:
    return [(REASONS.get(code, code), number) for code, number in sorted(numbers.items())]


def facts_of(rule: RetentionRule) -> dict[str, Any]:
    preview = rule.preview or {}
    runs = RetentionRun.objects.filter(store=rule.store_id, rule=rule).order_by("-id")
    return {
        "sentence": sentence(rule),
        "kept": kept_of(preview.get("kept", {})),
        "examples": examples_of(rule, preview.get("examples", [])),
        "runs": [(run, kept_of(run.kept)) for run in runs[:RUNS_SHOWN]],
    }


def examples_of(rule: RetentionRule, keys: list[int]) -> list[dict[str, str]]:
    """Return some of the rows of the preview with their pages. Only customers have names that help."""
    if rule.what != Retained.CUSTOMERS:
        return []
    customers = Customer.objects.filter(store=rule.store_id, pk__in=keys).order_by("pk")
    return [
        {
            "name": str(customer),
            "url": reverse("admin:customers_customer_change", args=[customer.pk]),
            "last": date_format(customer.updated_at, "j F Y"),
        }
        for customer in customers
    ]
