"""Find the customer that a row is about by all that it says, as duplicates are found. Asked for by `score`."""

from __future__ import annotations

from typing import cast

from customers.fields import CustomerFields
from customers.imports.drafts import Draft, Issue
from customers.imports.services.changes import typed
from customers.imports.services.matching import Match
from customers.match_keys import Profile, profile_of
from customers.matching.scoring import Frequencies, Level, Score, score
from customers.matching.services.comparing import candidates
from customers.models import Customer
from customers.services.assigning import assign
from stores.models import Store

SCORE = "score"
NAMES = {
    "same_first",
    "same_last",
    "nickname",
    "initial",
    "near_first",
    "near_last",
    "part_of_last",
}
COMPARED = (
    "name",
    "first_name",
    "last_name",
    "company",
    "email",
    "phone",
    "mobile",
    "tax_id",
    "birth_date",
)
BLANK_PLACE = dict.fromkeys(("line1", "line2", "postcode", "city"), "")


def match_by_score(store: Store, draft: Draft, book: Frequencies) -> Match:
    """Return the only customer who surely is the row's, or the issue that it may be one of others."""
    profile = profile_in(store, draft)
    scores = {pk: score(profile, other, book) for pk, other in candidates(store, profile)}
    sure = [
        pk
        for pk, found in scores.items()
        if found.level == Level.SURE and is_more_than_a_name(found)
    ]
    if len(sure) == 1:
        return Match(sure[0], SCORE)
    likely = max(scores, key=lambda pk: scores[pk].bits, default=None)
    if likely is None or scores[likely].level is None:
        return Match()
    customer = Customer.objects.get(store=store, pk=likely)
    return Match(issue=Issue.of("uncertain", name=str(customer)))


def is_more_than_a_name(found: Score) -> bool:
    """Return whether something else than the names speaks for it. In a small book any full name is rare."""
    return any(reason.bits > 0 and reason.code not in NAMES for reason in found.reasons)


def profile_in(store: Store, draft: Draft) -> Profile:
    """Return the profile that the customer of the row would have."""
    fields = {name: value for name, value in typed(draft, store).items() if name in COMPARED}
    customer = Customer(store=store)
    assign(customer, cast(CustomerFields, fields))
    addresses = [
        item for item in (draft.billing, draft.delivery, *draft.others) if any(item.values())
    ]
    places = [{name: item.get(name) or "" for name in BLANK_PLACE} for item in addresses]
    return profile_of(vars(customer), places)
