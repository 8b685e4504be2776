"""Create, change, enable and disable the rules of a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from customers.privacy.models import RetentionRule, RetentionRun
from customers.privacy.models.retention_rule import MAX_MONTHS, Retained
from customers.privacy.services.retention.schedule import next_run, today_at
from customers.services.editing import unit_of_work
from stores.actors import Actor
from stores.errors import Conflict, Invalid, NotFound
from stores.models import Store
from stores.models.base import TenantQuerySet

Target = TenantQuerySet[RetentionRule]


def create_rule(store: Store, actor: Actor, what: str, after_months: int) -> RetentionRule:
    """Return a new rule, which is not enabled. Raises Invalid, and Conflict `rule_exists`."""
    if what not in Retained.values:
        raise Invalid("choice", "what")
    require_months(after_months)
    with unit_of_work():
        return RetentionRule.objects.create(
            store=store, what=what, after_months=after_months, actor_name=actor.name
        )


def require_months(months: int) -> None:
    if not 1 <= months <= MAX_MONTHS:
        raise Invalid("range", "after_months", low=1, high=MAX_MONTHS)


@contextmanager
def changing(target: Target, actor: Actor) -> Iterator[RetentionRule]:
    """Lock a rule, and save it afterwards. A run under way ends: it would go by the former rule.

    A worker that carries out the rule has it locked until the end of its batch.
    """
    with unit_of_work():
        rule = target.of_one_store().select_for_update(of=("self",)).first()
        if rule is None:
            raise NotFound
        yield rule
        now = timezone.now()
        runs = RetentionRun.objects.filter(store=rule.store_id, rule=rule, finished_at=None)
        runs.update(finished_at=now)
        rule.actor_name, rule.updated_at = actor.name, now
        rule.next_run_on = next_run(today_at(rule.store)) if rule.is_enabled else None
        rule.preview = rule.preview_for = rule.previewed_at = None
        rule.save()


def update_rule(target: Target, actor: Actor, after_months: int) -> None:
    """Change the time. The rule is disabled, because nobody has seen its new preview yet."""
    require_months(after_months)
    with changing(target, actor) as rule:
        rule.after_months, rule.is_enabled = after_months, False


def enable_rule(target: Target, actor: Actor) -> None:
    """Let the worker carry the rule out, from two weeks on at the earliest.

    Raises Conflict `preview_first`, and `tax_years_unknown` when inactive customers are to be erased but the
    store does not say for how many years it must keep its books.
    """
    with changing(target, actor) as rule:
        if rule.preview is None:
            raise Conflict("preview_first")
        if rule.what == Retained.CUSTOMERS and rule.store.tax_years is None:
            raise Conflict("tax_years_unknown")
        rule.is_enabled = True


def disable_rule(target: Target, actor: Actor) -> None:
    with changing(target, actor) as rule:
        rule.is_enabled = False
