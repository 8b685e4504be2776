"""Save the pairs that were found. What people decided about a pair stays, unless new evidence outweighs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.utils import timezone

from customers.match_keys import Profile
from customers.matching.models import Decision, DuplicatePair
from customers.matching.models.pair import DuplicatePairQuerySet
from customers.matching.scoring import Score
from stores.models import Store

NEW_EVIDENCE = 4.0  # bits by which the score must have risen since two were called different people
LEAST_CHANGE = 0.5  # bits; smaller ones follow from other customers, whose number changes every day
SHOWN_DIGITS = 2


@dataclass(frozen=True)
class FoundPair:
    """Two customers, the smaller key first, and what was found about them."""

    first: int
    second: int
    score: float
    reasons: list[dict[str, Any]]
    evidence: str

    @classmethod
    def of(cls, one: int, other: int, score: Score, evidence: str) -> FoundPair:
        reasons = [(reason.code, round(reason.bits, SHOWN_DIGITS)) for reason in score.reasons]
        total = round(sum(bits for _, bits in reasons), SHOWN_DIGITS)
        stored = [{"code": code, "bits": bits} for code, bits in reasons]
        return cls(min(one, other), max(one, other), total, stored, evidence)

    @property
    def key(self) -> tuple[int, int]:
        return self.first, self.second


def evidence_of(ones: Sequence[Profile], others: Sequence[Profile]) -> str:
    """Return a text that changes when one of two customers' profiles does."""
    texts = ["\n".join(profile.text for profile in profiles) for profiles in (ones, others)]
    text = "\n".join(sorted(texts))
    return blake2b(text.encode(), digest_size=16).hexdigest()


def save_pairs_of(store: Store, customer: int, found: list[FoundPair]) -> None:
    """Make the pairs of one customer those that were found."""
    save_pairs(DuplicatePair.objects.of_customer(store.pk, customer), store, found)


def save_pairs(scope: DuplicatePairQuerySet, store: Store, found: Iterable[FoundPair]) -> None:
    """Make the open pairs of `scope` those that were found. What people decided stays."""
    wanted = {pair.key: pair for pair in found}
    with transaction.atomic():
        # Locked, or a decision that somebody saves meanwhile would be overwritten.
        rows = scope.order_by("pk").select_for_update(of=("self",), no_key=True)
        present = {(row.first_id, row.second_id): row for row in rows}
        _close([row for key, row in present.items() if key not in wanted])
        for key, row in present.items():
            if key in wanted:
                _renew(row, wanted[key])
        # Another worker may have found the same pair just now.
        new = [_new(store, pair) for key, pair in wanted.items() if key not in present]
        DuplicatePair.objects.bulk_create(new, ignore_conflicts=True)


def _close(rows: list[DuplicatePair]) -> None:
    """Delete open pairs for which nothing speaks any more. Of those once decided, the decision stands again."""
    for row in rows:
        if row.is_reopened:
            row.decision = Decision.DIFFERENT
            row.save(update_fields=["decision"])
    gone = [row for row in rows if row.decision == Decision.OPEN]
    if gone:
        DuplicatePair.objects.filter(
            store=gone[0].store_id, pk__in=[row.pk for row in gone]
        ).delete()


def _new(store: Store, pair: FoundPair) -> DuplicatePair:
    return DuplicatePair(
        store=store,
        first_id=pair.first,
        second_id=pair.second,
        score=pair.score,
        reasons=pair.reasons,
        evidence=pair.evidence,
    )


def _renew(row: DuplicatePair, pair: FoundPair) -> None:
    """Save what is new about a pair. Open one that was decided, if the new evidence is strong enough."""
    is_new_evidence = row.evidence != pair.evidence
    if not is_new_evidence and abs(row.score - pair.score) < LEAST_CHANGE:
        return
    row.score, row.reasons, row.evidence = pair.score, pair.reasons, pair.evidence
    if is_new_evidence and _outweighs_decision(row):
        row.decision, row.found_at = Decision.OPEN, timezone.now()
    row.save(update_fields=["score", "reasons", "evidence", "decision", "found_at"])


def _outweighs_decision(row: DuplicatePair) -> bool:
    return (
        row.decision == Decision.DIFFERENT
        and row.decided_score is not None
        and row.score >= row.decided_score + NEW_EVIDENCE
    )
