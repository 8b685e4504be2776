"""Erasures and deletions that rules of retention announce."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from config.admin.today.source import SYSTEMS, Day, Item, Source, days, page_of
from customers.privacy.models import RetentionRule
from customers.privacy.services.retention.schedule import announced
from customers.privacy.words import sentence
from customers.tasks.kinds import TaskKind
from customers.tasks.services.assigning import Task


class Retention(Source):
    """What rules will erase or delete within two weeks: time to look, or to switch a rule off."""

    is_counted = False
    kind = TaskKind.RETENTION
    title, permission, model = SYSTEMS, "privacy.view_retentionrule", "privacy_retentionrule"

    def rows(self, day: Day) -> QuerySet[Any]:
        return announced(day.store)

    def item(self, day: Day, rule: RetentionRule) -> Item:
        assert rule.next_run_on is not None  # noqa: S101 # announced ones have a day
        left = (rule.next_run_on - day.today).days
        return Item(
            Task(self.kind, rule.pk),
            f"{rule.get_what_display().partition(':')[0]}: {sentence(rule)}",
            page_of(self.model, rule.pk),
            ("Look at the preview; switch the rule off to stop it",),
            "",
            f"in {days(left)}" if left > 0 else "under way",
            "warn",
        )
