"""What a merge does to pairs of customers who look alike."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from customers.matching.models import Decision, DuplicatePair
from customers.matching.services.deciding import DECISION
from customers.merging.models import Merge, MovedRow, Table
from customers.merging.services.values import as_json
from customers.models import Customer
from stores.actors import Actor

MOMENTS = ("found_at", "decided_at")
COPIED = ("score", "reasons", "evidence", "found_at", *DECISION)


def carry_decisions(merge: Merge, survivor: Customer, loser: Customer) -> list[MovedRow]:
    """Let the survivor be different from those from whom the loser is. Delete pairs that nobody decided about.

    The worker compares the survivor again, also by what the loser had, and so finds those who look like it.
    """
    decided = delete_undecided(survivor.store_id, survivor.pk, loser.pk)
    rows = list[MovedRow]()
    for pair in decided:
        other = pair.second_id if pair.first_id == loser.pk else pair.first_id
        if other != survivor.pk:
            pk, before = carry(pair, survivor.pk, other)
            rows.append(
                MovedRow(
                    store_id=merge.store_id, merge=merge, table=Table.PAIR, row_pk=pk, before=before
                )
            )
    return rows


def delete_undecided(store: int, survivor: int, loser: int) -> list[DuplicatePair]:
    """Delete the loser's pairs that nobody decided about. Return the others."""
    both = [survivor, loser]
    rows = DuplicatePair.objects.filter(Q(first__in=both) | Q(second__in=both), store=store)
    # In the worker's order, which locks all pairs of a customer.
    locked = rows.order_by("pk").select_for_update(of=("self",))
    own = [pair for pair in locked if loser in (pair.first_id, pair.second_id)]
    if undecided := [pair.pk for pair in own if pair.decided_at is None]:
        DuplicatePair.objects.filter(store=store, pk__in=undecided).delete()
    return [pair for pair in own if pair.decided_at is not None]


def carry(pair: DuplicatePair, survivor: int, other: int) -> tuple[int, dict[str, Any]]:
    """Copy a decision to the pair of the survivor. Return its key, and what the pair was before."""
    present = DuplicatePair.objects.filter(store=pair.store_id, **key(survivor, other))
    former = present.values(*COPIED).first()
    save_pair(pair.store_id, survivor, other, {name: getattr(pair, name) for name in COPIED})
    before: dict[str, Any] = {"wrote": as_json(pair.decided_at)}
    if former is not None:
        moments = {name: as_json(former[name]) for name in MOMENTS}
        before["former"] = former | moments
    return present.values_list("pk", flat=True).get(), before


def return_decisions(merge: Merge) -> None:
    """Let the survivor's pairs be again what they were before, where nobody has decided about them since."""
    rows = MovedRow.objects.filter(store=merge.store_id, merge=merge, table=Table.PAIR)
    for row in rows.order_by("pk"):
        pairs = DuplicatePair.objects.filter(
            store=row.store_id, pk=row.row_pk, decided_at=parse_datetime(row.before["wrote"])
        )
        if former := row.before.get("former"):
            moments = {name: former[name] and parse_datetime(former[name]) for name in MOMENTS}
            pairs.update(**former | moments)
        else:
            pairs.delete()


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
        rows.update(**values)
