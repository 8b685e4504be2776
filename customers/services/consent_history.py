"""The history of a customer's consent to marketing, and what it says on a day."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from customers.fields import ConsentProof, CustomerFields
from customers.models import ConsentChange, Customer
from customers.models.consent import Channel, ConsentState
from stores.actors import Actor

SOURCES = {"key": "api", "staff": "admin"}  # by kind of actor, where a dialect is not known


def latest_consent(
    customer: Customer, channel: str = Channel.EMAIL, moment: datetime | None = None
) -> ConsentChange | None:
    """Return the consent that counts at that moment (None: now): the latest by when it was said."""
    rows = ConsentChange.objects.filter(
        store=customer.store_id, customer=customer.pk, channel=channel
    )
    if moment is not None:
        rows = rows.filter(valid_from__lte=moment)
    return rows.order_by("-valid_from", "-id").first()


def consent_on(customer: Customer, day: date, channel: str = Channel.EMAIL) -> ConsentChange | None:
    """Return the consent that counted at the end of a day at the store; None where nothing was said."""
    end = datetime.combine(day, time.max, customer.store.tzinfo)
    return latest_consent(customer, channel, end)


def add_consent(customer: Customer, actor: Actor, state: str, **proof: Any) -> ConsentChange:
    """Add a row to the history, inside an edit. The caller sets the customer's flag to what it says now."""
    change = new_consent(customer, actor, state, **proof)
    change.save(force_insert=True)
    return change


def new_consent(customer: Customer, actor: Actor, state: str, **proof: Any) -> ConsentChange:
    source = proof.pop("source", "") or actor.via or SOURCES.get(actor.kind, actor.kind)
    return ConsentChange(
        store_id=customer.store_id,
        customer=customer,
        state=state,
        source=source,
        actor_name=actor.name,
        **proof,
    )


def refuses_marketing(customer: Customer) -> bool:
    """Tell whether a restriction or an objection is in force, whatever was said before."""
    return customer.restricted_at is not None or customer.objected_at is not None


def first_choice(customer: Customer, actor: Actor, fields: CustomerFields) -> ConsentChange:
    """Return the unsaved choice of a new customer for the history; `marketing_opt_in_at` is its time."""
    state = ConsentState.YES if customer.marketing_opt_in else ConsentState.NO
    evidence = fields.get("marketing_proof", {}).get("evidence", {})
    when = customer.marketing_opt_in_at
    return new_consent(customer, actor, state, valid_from=when, evidence=evidence)


def record_choice(
    customer: Customer,
    actor: Actor,
    proof: ConsentProof | None = None,
    *,
    time_is_set: bool = False,
) -> None:
    """Add the customer's flag to the history of e-mail, unless the history says the same already.

    `time_is_set`: the flag goes back to a former choice, and its time with it.
    """
    latest = latest_consent(customer)
    if latest is not None and refuses_marketing(customer):
        return  # what was said counts again when the restriction ends
    if latest is None or latest.granted != customer.marketing_opt_in:
        state = ConsentState.YES if customer.marketing_opt_in else ConsentState.NO
        said = {"valid_from": timezone.now(), **(proof or {})}
        latest = add_consent(customer, actor, state, **said)
    if not time_is_set:
        # Contract of storefront: each change of `marketingOptIn` keeps its time.
        customer.marketing_opt_in_at = latest.valid_from
