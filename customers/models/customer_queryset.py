"""Queries of customers, and conditions that several of them share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from itertools import accumulate
from operator import and_, or_
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual

from customers.canonical import fold
from customers.models.money import thousandths
from customers.models.substring_search import (
    search_indexed,
    search_scan,
    search_terms,
    search_with_deleted,
)
from stores.database.plans import plannable
from stores.models.base import TenantQuerySet

if TYPE_CHECKING:
    import uuid

    from customers.models.customer import Customer  # noqa: F401  (the type of the rows)

Groups = tuple[int, ...]
Item = TypeVar("Item")

LIVE = Q(deleted_at=None)
# Live, or soft-deleted and still shown and restored by an API.
WITH_DELETED = Q(withdrawn_at=None, merged_into=None)
# Near the credit limit means 90 percent of it or more. OVER is a part of NEAR, so one index serves both.
NEAR = Q(account_balance__gt=0) & Q(
    GreaterThanOrEqual(thousandths("account_balance") * 10, thousandths("credit_limit") * 9)
)
OVER = NEAR & Q(account_balance__gt=F("credit_limit"))


class CustomerQuerySet(TenantQuerySet["Customer"]):
    @plannable
    def live(self) -> CustomerQuerySet:
        return self.filter(LIVE)

    def with_deleted(self) -> CustomerQuerySet:
        """Return live customers, and soft-deleted ones that an API may still show and restore."""
        return self.filter(WITH_DELETED)

    def deleted(self) -> CustomerQuerySet:
        """Return soft-deleted customers that an API may still show and restore."""
        return self.with_deleted().exclude(deleted_at=None)

    def survivor(self) -> CustomerQuerySet:
        """Return the customer into which the one that this names was merged; nobody if it was not."""
        merged = self.of_one_store().exclude(merged_into=None)
        row = merged.values_list("store_id", "merged_into_id").first()
        every: Any = self.model._default_manager
        return every.filter(store=row[0], pk=row[1]) if row else self.none()

    @plannable
    def having_uid(self, uid: uuid.UUID) -> CustomerQuerySet:
        return self.filter(uid=uid)

    @plannable
    def having_email(self, key: str) -> CustomerQuerySet:
        """Return the customers with this e-mail in canonical form. Each store has at most one live one."""
        return self.filter(email_key=key)

    def matching(self, text: str) -> CustomerQuerySet:
        """Return customers with the text in a name, the e-mail, the company or a phone number.

        Case, accents and the way of writing a phone make no difference. A text without a visible character
        matches no customer.
        """
        terms = search_terms(text)
        return self.search_indexed(*terms) if terms else self.none()

    @plannable
    def search_indexed(self, *terms: str, groups: Groups = ()) -> CustomerQuerySet:
        """Return customers with any of these terms in their `search_text`, found by its index.

        `groups` are numbers of terms that belong together: then one term of each group has to be there.
        """
        return self.filter(of_each_group(list(map(search_indexed, terms)), groups))

    def email_contains(self, text: str) -> CustomerQuerySet:
        """Return customers, also deleted ones, with the text in their e-mail.

        A text with accents is searched in all of `search_text`, because `email_key` may have it as punycode.
        """
        term = fold(text)
        has_in_key = Q(email_key__contains=term) if text.isascii() else Q()
        # The condition on `search_text` follows from the other one. With it, the database uses the index.
        return self.filter(has_in_key, search_with_deleted(term))

    @plannable
    def scan_for(self, *terms: str, groups: Groups = ()) -> CustomerQuerySet:
        """Return what `search_indexed` finds, but by scanning customers in the order of the query."""
        return self.filter(of_each_group(list(map(search_scan, terms)), groups))

    @plannable
    def created_from(self, moment: datetime) -> CustomerQuerySet:
        return self.filter(created_at__gte=moment)


def of_each_group(conditions: list[Q], groups: Groups) -> Q:
    """Return the condition that one condition of each group is true; without groups, that any one is."""
    return reduce(and_, (reduce(or_, part) for part in grouped(conditions, groups)))


def grouped(items: Sequence[Item], groups: Groups) -> list[Sequence[Item]]:
    """Return the items in groups of these sizes; without sizes, in one group."""
    ends = list(accumulate(groups or (len(items),)))
    return [items[start:end] for start, end in zip([0, *ends], ends, strict=False)]
