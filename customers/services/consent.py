"""Record what a customer said about marketing, with its proof. The customer's flag is what was said last."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypedDict

from django.utils import timezone

from customers.fields import require_known
from customers.models import ConsentChange
from customers.models.consent import Channel, ConsentState
from customers.models.customer_queryset import CustomerQuerySet
from customers.services.consent_history import add_consent, latest_consent, refuses_marketing
from customers.services.editing import Versions, editing
from stores.actors import Actor
from stores.errors import Invalid


class ConsentFields(TypedDict, total=False):
    """What was said: `state` is required, all else has a default. `valid_from` is when it was said."""

    channel: str
    state: str
    source: str
    wording: str
    wording_version: str
    evidence: dict[str, Any]
    valid_from: datetime


def record_consent(
    target: CustomerQuerySet, actor: Actor, fields: ConsentFields, *, versions: Versions = None
) -> ConsentChange:
    """Add a consent of the live customer that `target` names.

    One that is older than another, such as that of an import, changes only the history. Raises NotFound, Stale
    and Invalid `choice` and `in_future`.
    """
    require_known(fields, ConsentFields)
    require_values(fields)
    with editing(target.live(), actor, versions) as edit:
        change = add_consent(edit.customer, actor, **fields)
        edit.record_child_change("consent", None)
        latest = latest_consent(edit.customer)
        edit.customer.marketing_opt_in = (
            latest is not None and latest.granted and not refuses_marketing(edit.customer)
        )
        edit.save_and_publish()
    return change


def require_values(fields: ConsentFields) -> None:
    if fields.get("state") not in ConsentState.values:
        raise Invalid("choice", "state")
    if fields.get("channel", Channel.EMAIL) not in Channel.values:
        raise Invalid("choice", "channel")
    if (valid_from := fields.get("valid_from")) and valid_from > timezone.now():
        raise Invalid("in_future", "valid_from")
