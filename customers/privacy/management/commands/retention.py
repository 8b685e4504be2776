"""Preview a store's rules of retention, or carry out what is due."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from customers.privacy.models import RetentionRule, RetentionRun
from customers.privacy.services.retention.previewing import preview_rule
from customers.privacy.services.retention.running import carry_out_batch
from customers.privacy.services.retention.schedule import day_of_run, rules_at_work
from stores.management.arguments import get_store


class Command(BaseCommand):
    help = (
        "Carry out the rules of retention of a store that are switched on and due, as the worker does. With"
        " --preview count what each rule would do at its next run, and change nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", required=True, metavar="UUID")
        parser.add_argument("--preview", action="store_true", help="Count only; change nothing.")
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print JSON.")

    def handle(self, *args: Any, preview: bool, as_json: bool, **options: Any) -> None:
        store = get_store(options["store"])
        if preview:
            rules = RetentionRule.objects.filter(store=store).order_by("pk")
            answers = [preview_of(rule) for rule in rules.select_related("store")]
        else:
            answers = [carried_out(rule) for rule in rules_at_work(store)]
        if as_json:
            self.stdout.write(json.dumps(answers, indent=2))
            return
        for answer in answers:
            self.stdout.write(", ".join(f"{name}: {text(value)}" for name, value in answer.items()))
        if not answers:
            self.stdout.write("No rules." if preview else "Nothing is due.")


def preview_of(rule: RetentionRule) -> dict[str, Any]:
    tally = preview_rule(rule)
    facts = {"rule": rule.what, "after_months": rule.after_months, "enabled": rule.is_enabled}
    day = day_of_run(rule).isoformat()
    return facts | {"on": day, "would": tally.done, "kept": dict(tally.kept)}


def carried_out(rule: RetentionRule) -> dict[str, Any]:
    while carry_out_batch(rule):
        pass
    due_on = day_of_run(rule)
    run = RetentionRun.objects.filter(store=rule.store_id, rule=rule, due_on=due_on).first()
    facts = {"rule": rule.what, "due": due_on.isoformat()}
    if run is None:  # a worker has only just begun
        return facts | {"done": 0, "kept": {}, "finished": False}
    return facts | {"done": run.done, "kept": run.kept, "finished": run.finished_at is not None}


def text(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name} {number}" for name, number in value.items()) or "none"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
