"""When rules run, and which are announced: on the first day of a month, after a notice of two weeks."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from customers.privacy.models import RetentionRule
from customers.privacy.months import first_of_month_from
from stores.models import Store
from stores.models.base import TenantQuerySet

NOTICE = timedelta(days=14)


def today_at(store: Store) -> date:
    return timezone.localdate(timezone=store.tzinfo)


def next_run(today: date) -> date:
    """Return the first day of a month that is two weeks away at least, so that there is time for the notice."""
    return first_of_month_from(today + NOTICE)


def day_of_run(rule: RetentionRule) -> date:
    """Return the day of the next run, or, of a rule that is not enabled, of the first that is possible."""
    return rule.next_run_on or next_run(today_at(rule.store))


def announced(store: Store) -> TenantQuerySet[RetentionRule]:
    """Return the rules that will be carried out within two weeks, the next first."""
    rules = RetentionRule.objects.filter(
        store=store, is_enabled=True, next_run_on__lte=today_at(store) + NOTICE
    )
    return rules.select_related("store").order_by("next_run_on", "pk")


def rules_at_work(store: Store) -> list[RetentionRule]:
    """Return the rules with a run that is due or under way."""
    rules = RetentionRule.objects.filter(
        store=store, is_enabled=True, next_run_on__lte=today_at(store)
    )
    return list(rules.order_by("pk"))
