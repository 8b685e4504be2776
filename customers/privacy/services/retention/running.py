"""Carry rules out in batches. Whoever is stopped in between goes on after the last batch."""

from __future__ import annotations

from collections import Counter

from django.utils import timezone

from customers.privacy.models import RetentionRule, RetentionRun
from customers.privacy.services.retention.kinds import WORK
from customers.privacy.services.retention.schedule import day_of_run, next_run, today_at
from customers.privacy.services.retention.work import Due
from customers.services.editing import unit_of_work
from stores.database.sqlite.erasing import overwrite_deleted


def carry_out_batch(rule: RetentionRule) -> bool:
    """Do the next batch of a rule in one transaction. Return False if none is left or another works on it."""
    overwrite_deleted()
    with unit_of_work():
        rules = rule.as_queryset().filter(is_enabled=True, next_run_on__lte=today_at(rule.store))
        # Its lock also keeps others from changing the rule in the middle of a batch.
        locked = rules.select_for_update(of=("self",), skip_locked=True).first()
        if locked is None:
            return False
        run = current_run(locked)
        work, due = WORK[locked.what], Due(rule.store, run.due_on, run.after_months)
        last = work.last_key(rule.store)
        if run.position >= last:
            finish(locked, run)
            return False
        tally, run.position = work.carry_out(due, work.span(run.position, last))
        run.done += tally.done
        run.kept = dict(Counter(run.kept) + tally.kept)
        run.save()
    return True


def current_run(rule: RetentionRule) -> RetentionRun:
    run, _ = RetentionRun.objects.get_or_create(
        store_id=rule.store_id,
        rule=rule,
        due_on=day_of_run(rule),
        defaults={"after_months": rule.after_months},
    )
    return run


def finish(rule: RetentionRule, run: RetentionRun) -> None:
    run.finished_at = timezone.now()
    run.save()
    rule.next_run_on = next_run(today_at(rule.store))
    rule.preview = rule.preview_for = rule.previewed_at = None
    rule.save()
