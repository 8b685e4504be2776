"""Running a credit check and keeping its result."""

from __future__ import annotations

from django.utils import timezone

from customers.models.customer import CustomerQuerySet
from orders.models import CreditCheck
from orders.queries import credit_inputs
from orders.scorecard import Bureau, Score, Scorecard, recommended_limit
from stores.actors import Actor
from stores.errors import NotFound

SCORECARD = Scorecard()


def check_credit(target: CustomerQuerySet, actor: Actor, bureau: Bureau = SCORECARD) -> CreditCheck:
    """Scores the live customer that `target` names, and keeps the score with what it was made from.

    It changes no limit. Raises NotFound, and what the bureau raises.
    """
    customer = target.live().select_related("store").first()
    if customer is None:
        raise NotFound
    inputs = credit_inputs(customer, timezone.now())
    score = bureau.score(inputs)
    return CreditCheck.objects.create(
        store=customer.store,
        customer=customer,
        score=score.points,
        rating=score.rating,
        risk=score.risk,
        current_limit=customer.credit_limit,
        recommended_limit=recommended_limit(score, inputs),
        factors=kept(score),
        actor_name=actor.name,
    )


def kept(score: Score) -> list[dict[str, object]]:
    """Each factor as `{name, input, points}`."""
    return [factor._asdict() for factor in score.factors]
