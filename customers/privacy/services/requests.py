"""Record what customers ask for under data protection law, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.utils import timezone

from customers.models import Customer
from customers.models.consent import Channel, ConsentState
from customers.models.customer_queryset import CustomerQuerySet
from customers.privacy.models import PrivacyRequest
from customers.privacy.models.request import RequestKind, RequestState
from customers.privacy.months import months_after
from customers.privacy.services.history import note_step
from customers.services.consent_history import add_consent, latest_consent, refuses_marketing
from customers.services.editing import Edit, editing, lock, unit_of_work
from stores.actors import Actor
from stores.errors import Conflict, Invalid, NotFound
from stores.models.base import TenantQuerySet

Target = TenantQuerySet[PrivacyRequest]
MONTHS, MONTHS_EXTENDED = 1, 3  # GDPR Art. 12(3)


def open_request(
    target: CustomerQuerySet, actor: Actor, kind: str, received_on: date, note: str = ""
) -> PrivacyRequest:
    """Record a request of the customer that `target` names. It is due in a month.

    Raises NotFound, and Invalid `choice` and `in_future`.
    """
    if kind not in RequestKind.values:
        raise Invalid("choice", "kind")
    with editing(target, actor) as edit:
        if received_on > timezone.localdate(timezone=edit.customer.store.tzinfo):
            raise Invalid("in_future", "received_on")
        request = PrivacyRequest.objects.create(
            store_id=edit.customer.store_id,
            customer=edit.customer,
            kind=kind,
            received_on=received_on,
            due_on=months_after(received_on, MONTHS),
            note=note,
            actor_name=actor.name,
        )
        note_step(edit, "privacy_request")
    return request


@contextmanager
def changing(target: Target, actor: Actor) -> Iterator[tuple[Edit, PrivacyRequest]]:
    """Lock the customer and the open request that `target` names. Raises NotFound and Conflict.

    The request of a merged customer is one of its survivor by now.
    """
    with unit_of_work():
        row = target.of_one_store().values("store_id", "customer_id").first()
        if row is None:
            raise NotFound
        customers = Customer.objects.filter(store=row["store_id"])
        owner = customers.filter(pk=row["customer_id"])
        [survivor] = owner.values_list("merged_into", flat=True)
        with editing(customers.filter(pk=survivor or row["customer_id"]), actor) as edit:
            # Merged, or taken apart, between the look and the lock: then the wrong customer is locked.
            if [survivor] != list(owner.values_list("merged_into", flat=True)):
                raise Conflict("changed_meanwhile")
            request = target.filter(store=row["store_id"]).select_related("customer__store").get()
            if request.state != RequestState.OPEN:
                raise Conflict("request_closed")
            yield edit, request
            request.save()
            note_step(edit, "privacy_request")


def check_identity(target: Target, actor: Actor) -> None:
    """Note that this person has checked who asks."""
    with changing(target, actor) as (_, request):
        request.identity_checked_by, request.identity_checked_at = actor.name, timezone.now()


def extend_request(target: Target, actor: Actor, reason: str) -> None:
    """Extend the time to three months, once. Raises Conflict `extended_already`."""
    with changing(target, actor) as (_, request):
        if request.is_extended:
            raise Conflict("extended_already")
        request.is_extended = True
        request.due_on = months_after(request.received_on, MONTHS_EXTENDED)
        request.decision = f"Extended: {reason}"


def close_request(target: Target, actor: Actor, decision: str, *, is_granted: bool) -> None:
    """Grant or refuse a request. A granted restriction or objection takes effect at once.

    Raises Conflict `identity_not_checked` when a request is to be granted before that.
    """
    with changing(target, actor) as (edit, request):
        if is_granted and request.identity_checked_at is None:
            raise Conflict("identity_not_checked")
        request.state = RequestState.DONE if is_granted else RequestState.REFUSED
        request.closed_at, request.decision = timezone.now(), decision
        if is_granted:
            take_effect(edit.customer, request.kind, actor)
            if request.customer_id != edit.customer.pk:
                take_effect_of_merged(request.customer, request.kind, actor)


def take_effect(customer: Customer, kind: str, actor: Actor) -> None:
    if kind == RequestKind.RESTRICT:
        customer.restricted_at = timezone.now()
        customer.marketing_opt_in = False
    elif kind == RequestKind.OBJECT:
        customer.objected_at = timezone.now()
        for channel in Channel.values:
            add_consent(
                customer,
                actor,
                ConsentState.NO,
                channel=channel,
                source="objection",
                valid_from=customer.objected_at,
            )
        customer.marketing_opt_in = False


def take_effect_of_merged(customer: Customer, kind: str, actor: Actor) -> None:
    """Let it hold when the merge is taken apart, too. Without an event: of it the customer would look alive."""
    lock(customer.as_queryset())
    take_effect(customer, kind, actor)
    columns = ("restricted_at", "objected_at", "marketing_opt_in")
    customer.as_queryset().update(**{name: getattr(customer, name) for name in columns})


def lift(target: CustomerQuerySet, actor: Actor, kind: str) -> None:
    """End a restriction or an objection, because the customer says so."""
    with editing(target, actor) as edit:
        if kind == RequestKind.RESTRICT:
            edit.customer.restricted_at = None
        elif kind == RequestKind.OBJECT:
            edit.customer.objected_at = None
        # The objection stays in the history as a no; what was said before it does not come back by itself.
        latest = latest_consent(edit.customer)
        refuses = refuses_marketing(edit.customer)
        edit.customer.marketing_opt_in = latest is not None and latest.granted and not refuses
        edit.save_and_publish()
