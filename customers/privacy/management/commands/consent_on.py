"""Tell whether marketing could be sent to a customer on a day, and what proves it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from customers.merging.management.arguments import get_current_customer
from customers.models import ConsentChange
from customers.models.consent import Channel
from customers.services.consent_history import consent_on


class Command(BaseCommand):
    help = (
        "Tell whether marketing could be sent to a customer on a day, by what the customer had said until the"
        " end of that day at the store, and show the proof."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uid", metavar="CUSTOMER_UID", help="A UUID, or in the form cust_…")
        parser.add_argument(
            "--date", type=date.fromisoformat, help="The day, as 2026-01-31. Default: today."
        )
        parser.add_argument("--channel", choices=Channel.values, default=Channel.EMAIL)
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print JSON.")

    def handle(self, *args: Any, uid: str, channel: str, as_json: bool, **options: Any) -> None:
        customer = get_current_customer(uid).select_related("store").get()
        day = options["date"] or timezone.localdate(timezone=customer.store.tzinfo)
        answer = {"day": day.isoformat(), "channel": channel}
        answer |= proof_of(consent_on(customer, day, channel))
        if as_json:
            self.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(f"{name}: {value}" for name, value in answer.items()))


def proof_of(consent: ConsentChange | None) -> dict[str, Any]:
    if consent is None:
        return {"allowed": False, "state": "nothing was said"}
    return {
        "allowed": consent.granted,
        "state": consent.state,
        "valid_from": consent.valid_from.isoformat(),
        "source": consent.source,
        "recorded_by": consent.actor_name,
        "recorded_at": consent.changed_at.isoformat(),
        "wording_version": consent.wording_version,
        "wording": consent.wording,
        "evidence": consent.evidence,
    }
