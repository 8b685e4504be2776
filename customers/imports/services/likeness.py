"""Find the customer that a row is about by all that it says, as duplicates are found. Asked for by `score`."""

from __future__ import annotations

from typing import cast

from customers.fields import CustomerFields
from customers.imports.drafts import Draft, Issue
from customers.imports.services.changes import typed
from customers.imports.services.matching import Match
from customers.match_keys import Profile, profile_of
from customers.matching.scoring import Frequencies, Level, Score
from customers.matching.scoring.people import OF_NAMES
from customers.matching.services.comparing import find_like
from customers.models import Customer
from customers.services.assigning import assign
from customers.services.match_keys import COMPARED
from stores.models import Store

SCORE = "score"
BLANK_PLACE = dict.fromkeys(("line1", "line2", "postcode", "city"), "")


def match_by_score(store: Store, draft: Draft, book: Frequencies) -> Match:
    """Return the only customer who surely is the row's, or the likeliest with the issue that it is not sure."""
    found = find_like(store, (profile_in(store, draft),), book=book)
    sure = [
        like.customer_id
        for like in found
        if like.score.level == Level.SURE and is_more_than_a_name(like.score)
    ]
    if len(sure) == 1:
        return Match(sure[0], SCORE)
    if not found:
        return Match()
    customer = Customer.objects.get(store=store, pk=found[0].customer_id)
    return Match(customer.pk, SCORE, Issue.of("uncertain", name=str(customer)))


def is_more_than_a_name(found: Score) -> bool:
    """Return whether something else than the names speaks for it. In a small book any full name is rare."""
    return any(reason.bits > 0 and reason.code not in OF_NAMES for reason in found.reasons)


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
