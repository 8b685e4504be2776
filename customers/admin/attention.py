"""What about a customer needs a person, the worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from customers.admin import timeline
from customers.matching.models import DuplicatePair
from customers.matching.words import summary
from customers.models import Address, Customer
from stores.admin.display import store_amount

Overdue = tuple[Decimal, date | None]  # the amount, and the oldest due day
PAIRS_SHOWN = 3
EVENTS_READ = 200
FORMER_ID_SPAN = timedelta(days=7)
# Postings change these, not somebody who types.
NOT_TYPED = timeline.BALANCE_FIELDS | timeline.HIDDEN_FIELDS


@dataclass(frozen=True)
class Concern:
    """A sentence, the one thing to do about it, and whether it is grave."""

    text: str
    action: str = ""
    url: str = ""
    is_grave: bool = False


def problems(
    customer: Customer, addresses: list[Address], overdue: Overdue, today: date
) -> list[Concern]:
    return [
        *state_problems(customer),
        *money_problems(customer, overdue, today),
        *place_problems(customer, addresses),
        *duplicate_problems(customer),
        *former_id_problems(customer),
    ]


def state_problems(customer: Customer) -> Iterator[Concern]:
    if customer.deleted_at:
        day = date_format(localtime(customer.deleted_at), "DATETIME_FORMAT")
        yield Concern(f"Deleted on {day}.", is_grave=True)
    if customer.is_blacklisted:
        reason = f": {customer.blacklist_reason}" if customer.blacklist_reason else ""
        yield Concern(f"Barred{reason}", is_grave=True)
    if customer.hold_reason:
        yield Concern(f"On hold, nothing more on account: {customer.hold_reason}")
    if not customer.is_active:
        yield Concern("Suspended. Nothing can be charged to the account.")
    if customer.restricted_at:
        yield Concern("Restricted: the customer asked not to use the data for now.", is_grave=True)
    if customer.objected_at:
        yield Concern("No marketing: the customer objected.")


def money_problems(customer: Customer, overdue: Overdue, today: date) -> Iterator[Concern]:
    amount_overdue, oldest = overdue
    statement = (
        f"{reverse('admin:customers_ledgerentry_changelist')}?customer__id__exact={customer.pk}"
    )
    if oldest is not None:
        days = (today - oldest).days
        text = f"{store_amount(amount_overdue, customer.store)} overdue, the oldest by {days} day"
        yield Concern(f"{text}{'' if days == 1 else 's'}.", "Full statement", statement, True)
    limit = customer.credit_limit
    if limit is not None and customer.account_balance > limit:
        over = store_amount(customer.account_balance - limit, customer.store)
        yield Concern(
            f"{over} over the credit limit of {store_amount(limit, customer.store)}.",
            "Full statement",
            statement,
        )


def duplicate_problems(customer: Customer) -> Iterator[Concern]:
    pairs = DuplicatePair.objects.of_customer(customer.store_id, customer.pk).open()
    for pair in pairs.select_related("first", "second").order_by("-score", "pk")[:PAIRS_SHOWN]:
        other = pair.second if pair.first_id == customer.pk else pair.first
        url = reverse("admin:matching_duplicatepair_change", args=[pair.pk])
        yield Concern(f"May be the same as {other}: {summary(pair.reasons)}.", "Compare", url)


def former_id_problems(customer: Customer) -> Iterator[Concern]:
    """Name the fields that were changed more than once in a week by the former id of a merged customer."""
    if not Customer.objects.filter(store=customer.store_id, merged_into=customer).exists():
        return
    since = timezone.now() - FORMER_ID_SPAN
    columns = ("type", "created_at", "changed", "snapshot__asked_as")
    newest = timeline.events_of(customer).values_list(*columns)[:EVENTS_READ]
    changes = Counter(
        name
        for kind, at, changed, former_id in newest
        if former_id and at > since and kind == "customer.updated"
        for name in changed
    )
    names = [name for name, times in changes.items() if times > 1 and name not in NOT_TYPED]
    if names:
        fields = ", ".join(timeline.label(Customer, name) for name in sorted(names))
        yield Concern(
            f"A system knows this customer by two ids and changes these again and again: {fields}."
            " Let it use one id.",
            "Timeline",
            reverse("admin:customers_customer_history", args=[customer.pk]),
        )


def place_problems(customer: Customer, addresses: list[Address]) -> Iterator[Concern]:
    for address in addresses:
        if address.geocode_status == "failed":
            yield Concern(
                f"{address.formatted} is not on the map.", "Edit addresses", "?edit=addresses"
            )
