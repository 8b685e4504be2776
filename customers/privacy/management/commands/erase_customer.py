"""Erase a customer, or show what that would do."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.merging.management.arguments import get_customer
from customers.privacy.models import Erasure
from customers.privacy.services.erasing import erase_customer, preview_erasure
from stores.actors import SYSTEM
from stores.admin.error_messages import error_message


class Command(BaseCommand):
    help = (
        "Erase all personal data of a customer: name, contact data, addresses, notes, history, log and stored"
        " answers. Money, orders and their numbers stay. It cannot be undone. Refused while money is owed"
        " either way or an order is under way. Erasing again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uid", metavar="CUSTOMER_UID", help="A UUID, or in the form cust_…")
        parser.add_argument(
            "--preview", action="store_true", help="Show what would be erased; change nothing."
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print JSON.")

    def handle(self, *args: Any, uid: str, preview: bool, as_json: bool, **options: Any) -> None:
        target = get_customer(uid)
        plan = preview_erasure(target)
        reasons = [error_message(refusal) for refusal in plan.refusals]
        if reasons and not preview:
            raise CommandError(f"Not erased. {' '.join(reasons)}")
        erasure = plan.erasure if preview else erase_customer(target, SYSTEM)
        result = facts(erasure) | {"refused_because": reasons, "rows": plan.counts}
        lines = [json.dumps(result, indent=2)] if as_json else text_of(result, plan.erasure)
        for line in lines:
            self.stdout.write(line)


def facts(erasure: Erasure | None) -> dict[str, Any]:
    if erasure is None:
        return {"erasure": None, "erased_at": None}
    return {"erasure": str(erasure.uid), "erased_at": erasure.erased_at.isoformat()}


def text_of(result: dict[str, Any], former: Erasure | None) -> list[str]:
    lines = [f"{title}: {number}" for title, number in result["rows"].items()]
    lines += [f"Refused now: {reason}" for reason in result["refused_because"]]
    if former is not None:
        return [f"Erased already at {result['erased_at']}. Nothing was changed."]
    if result["erased_at"]:
        return [*lines, f"Erased at {result['erased_at']}."]
    return [*lines, "Nothing was changed yet."]
