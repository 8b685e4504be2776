"""What a merge does to pairs of customers who look alike."""

from __future__ import annotations

from django.utils import timezone

from customers.matching.models import Decision, DuplicatePair
from customers.matching.services.deciding import DECISION
from customers.models import Customer
from stores.actors import Actor

COPIED = ("score", "reasons", "evidence", *DECISION)


def carry_decisions(survivor: Customer, loser: Customer) -> None:
    """Let the survivor be different from those from whom the loser is."""
    pairs = DuplicatePair.objects.of_customer(survivor.store_id, loser.pk)
    for pair in pairs.filter(decision=Decision.DIFFERENT).order_by("pk"):
        other = pair.second_id if pair.first_id == loser.pk else pair.first_id
        if other != survivor.pk:
            values = {name: getattr(pair, name) for name in COPIED}
            save_pair(survivor.store_id, survivor.pk, other, values)


def decide_different(survivor: Customer, loser: Customer, actor: Actor) -> None:
    """Remember that two customers whose merge was taken apart are different people."""
    decision = {
        "decision": Decision.DIFFERENT,
        "decided_at": timezone.now(),
        "decided_by": actor.name[:200],
    }
    save_pair(survivor.store_id, survivor.pk, loser.pk, decision, score=0, reasons=[], evidence="")
    pair = DuplicatePair.objects.filter(store=survivor.store_id, **key(survivor.pk, loser.pk))
    for row in pair:
        row.decided_score, row.decided_reasons = row.score, row.reasons
        row.save(update_fields=["decided_score", "decided_reasons"])


def key(one: int, other: int) -> dict[str, int]:
    return {"first_id": min(one, other), "second_id": max(one, other)}


def save_pair(
    store: int, one: int, other: int, values: dict[str, object], **defaults: object
) -> None:
    rows = DuplicatePair.objects.filter(store=store, **key(one, other))
    if not rows.update(**values):
        row = DuplicatePair(store_id=store, **key(one, other), **{**defaults, **values})
        # The worker may have found the same pair just now.
        DuplicatePair.objects.bulk_create([row], ignore_conflicts=True)
