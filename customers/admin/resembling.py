"""Customers who look like a new one: what tells them apart, and the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from customers.matching.scoring import Score
from customers.matching.services.comparing import Likeness
from customers.matching.words import in_words, ranked, summary
from customers.models import Address, Customer
from stores.models import Store

REASONS_SHOWN = 3


@dataclass(frozen=True)
class Resembling:
    """A customer of the book who looks like the new one."""

    customer: Customer
    facts: list[str]
    """What tells customers of one name apart."""
    reasons: str
    url: str


def told_apart(customer: Customer) -> list[str]:
    """Return the name and what tells customers of one name apart."""
    texts = (str(customer), customer.company, customer.phone or customer.mobile, customer.email)
    return list(dict.fromkeys(text for text in texts if text))


def rows_of(store: Store, likenesses: Iterable[Likeness]) -> list[Resembling]:
    scores = {one.customer_id: one.score for one in likenesses}
    if not scores:
        return []
    rows = Customer.objects.for_store(store).filter(pk__in=scores).select_related("store")
    customers, places = {row.pk: row for row in rows}, places_of(store, scores)
    return [
        Resembling(
            customers[pk],
            [*told_apart(customers[pk])[1:], *places.get(pk, []), last_order(customers[pk])],
            reasons_of(scores[pk]),
            reverse("admin:customers_customer_change", args=[pk]),
        )
        for pk in scores
        if pk in customers
    ]


def places_of(store: Store, customers: Iterable[int]) -> dict[int, list[str]]:
    """Return the first address of each customer that has one."""
    addresses = Address.objects.for_store(store).filter(customer__in=customers)
    newest_first = addresses.order_by("-position", "-pk")  # so that the first one is taken
    return {address.customer_id: [str(address)] for address in newest_first}


def last_order(customer: Customer) -> str:
    if customer.last_order_at is None:
        return "no orders"
    return f"last order {date_format(localtime(customer.last_order_at), 'DATE_FORMAT')}"


def reasons_of(score: Score) -> str:
    """Return in a line what speaks for it, and the strongest that speaks against it."""
    reasons = ranked({"code": one.code, "bits": one.bits} for one in score.reasons)
    against = [in_words(one).lower() for one in reasons if one["bits"] < 0]
    return "; but ".join([summary(reasons, REASONS_SHOWN).capitalize(), *against[-1:]])
