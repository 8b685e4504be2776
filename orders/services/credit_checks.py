"""Run a credit check and save its result."""

from __future__ import annotations

from django.utils import timezone

from customers.models.customer_queryset import CustomerQuerySet
from orders.models import CreditCheck
from orders.queries import credit_inputs
from orders.scorecard import Bureau, Score, Scorecard, recommended_limit
from stores.actors import Actor
from stores.errors import NotFound

SCORECARD = Scorecard()


def check_credit(target: CustomerQuerySet, actor: Actor, bureau: Bureau = SCORECARD) -> CreditCheck:
    """Score the live customer that `target` names. Save the score with its inputs; no limit changes.

    Raises NotFound, and what the bureau raises.
    """
    customer = target.live().of_one_store().select_related("store").first()
    if customer is None:
        raise NotFound
    inputs = credit_inputs(customer, timezone.now())
    # No transaction here: a bureau may be an HTTP service.
    score = bureau.score(inputs)
    return CreditCheck.objects.create(
        store=customer.store,
        customer=customer,
        score=score.points,
        rating=score.rating,
        risk=score.risk,
        current_limit=customer.credit_limit,
        recommended_limit=recommended_limit(score, inputs),
        factors=factors_of(score),
        actor_name=actor.name,
    )


def factors_of(score: Score) -> list[dict[str, object]]:
    """Return each factor as `{name, input, points}`."""
    return [factor._asdict() for factor in score.factors]
