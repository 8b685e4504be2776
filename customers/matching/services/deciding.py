"""Remember what people decide about a pair."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from customers.matching.models import Decision, DuplicatePair
from customers.matching.models.pair import DuplicatePairQuerySet
from stores.actors import Actor
from stores.errors import NotFound

DECISION = ("decision", "decided_at", "decided_by", "decided_score", "decided_reasons")


def decide_different(target: DuplicatePairQuerySet, actor: Actor) -> DuplicatePair:
    """Remember that the two customers of the open pair that `target` names are different people.

    Raises NotFound when the pair is gone or somebody has decided it meanwhile.
    """
    with transaction.atomic():
        pair = target.of_one_store().filter(decision=Decision.OPEN).select_for_update().first()
        if pair is None:
            raise NotFound
        pair.decision, pair.decided_by = Decision.DIFFERENT, actor.name
        pair.decided_at = timezone.now()
        pair.decided_score, pair.decided_reasons = pair.score, pair.reasons
        pair.save(update_fields=DECISION)
    return pair


def reopen(target: DuplicatePairQuerySet) -> DuplicatePair:
    """Take back that two customers are different people. Raises NotFound."""
    with transaction.atomic():
        rows = target.of_one_store().filter(decision=Decision.DIFFERENT)
        pair = rows.select_for_update().first()
        if pair is None:
            raise NotFound
        pair.decision, pair.decided_at, pair.decided_by = Decision.OPEN, None, ""
        pair.decided_score, pair.decided_reasons = None, []
        pair.save(update_fields=DECISION)
    return pair
