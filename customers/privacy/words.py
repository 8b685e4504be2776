"""What pages and messages say of rules of retention."""

from __future__ import annotations

from django.utils.formats import date_format

from customers.privacy.models import RetentionRule
from customers.privacy.models.retention_rule import Retained
from customers.privacy.services.retention.schedule import day_of_run

VERBS = {Retained.CUSTOMERS: "erased", Retained.EVENTS: "emptied"}


def sentence(rule: RetentionRule) -> str:
    """Say what the next run would do: “142 would be erased on 1 December 2026.”"""
    if rule.preview is None:
        return "Being counted."
    verb = VERBS.get(Retained(rule.what), "deleted")
    day = date_format(rule.preview_for or day_of_run(rule), "j F Y")
    modal = "will" if rule.is_enabled else "would"
    return f"{rule.preview['count']:,} {modal} be {verb} on {day}."
