"""Count what the next run of a rule would do. Nothing is changed but the preview of the rule."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from customers.privacy.models import RetentionRule
from customers.privacy.services.retention.kinds import WORK
from customers.privacy.services.retention.schedule import day_of_run
from customers.privacy.services.retention.work import Due, Tally
from stores.models import Store

PREVIEW_KEYS = 5_000  # in a statement that only counts
PREVIEW_LIFETIME = timedelta(days=1)


def preview_rule(rule: RetentionRule) -> Tally:
    """Count what the next run would do, and keep the result with the rule, unless it changed meanwhile."""
    due = Due(rule.store, day_of_run(rule), rule.after_months)
    work, tally, low = WORK[rule.what], Tally(), 0
    last = work.last_key(rule.store)
    while low < last:
        span = work.span(low, last, PREVIEW_KEYS)
        tally.add(work.preview(due, span))
        low = span.high
    rows = rule.as_queryset().filter(updated_at=rule.updated_at, next_run_on=rule.next_run_on)
    rows.update(
        preview={"count": tally.done, "kept": dict(tally.kept), "examples": tally.examples},
        preview_for=due.on,
        previewed_at=timezone.now(),
    )
    return tally


def preview_stale(store: Store) -> None:
    """Preview the rules that have none for their day, or one that is a day old."""
    for rule in RetentionRule.objects.filter(store=store).order_by("pk"):
        is_old = rule.previewed_at is None or rule.previewed_at < timezone.now() - PREVIEW_LIFETIME
        if is_old or rule.preview_for != day_of_run(rule):
            preview_rule(rule)
