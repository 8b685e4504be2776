"""Opening balances that customers have already: a file that is imported again must not post them twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from customers.imports.drafts import Draft, Issue
from customers.models import Customer, LedgerEntry
from customers.models.ledger import OPENING, Account
from customers.money import plain_amount
from stores.errors import Conflict

Posted = dict[int, Decimal]


class OpeningPosted(Conflict):
    """The customer got an opening balance after the check. The import shows it in its own words."""

    def __init__(self, amount: Decimal) -> None:
        super().__init__("opening_posted", amount=plain_amount(amount))


def posted_openings(store: int, customers: Iterable[int]) -> Posted:
    """Return the opening balances of customers that were not taken back since, by imports or by people."""
    entries = LedgerEntry.objects.filter(store=store, account=Account.HOUSE)
    of_these = entries.filter(customer__in=list(customers), reason=OPENING)
    rows = list(of_these.values_list("uid", "customer_id", "amount"))
    voided = entries.filter(reverses_uid__in=[uid for uid, _, _ in rows]).exclude(reason=OPENING)
    gone = set(voided.values_list("reverses_uid", flat=True)) if rows else set()
    posted: Posted = defaultdict(Decimal)
    for uid, customer, amount in rows:
        if uid not in gone:
            posted[customer] += amount
    return {customer: amount for customer, amount in posted.items() if amount}


def obstacle_of_opening(draft: Draft, customer: Customer | None, posted: Posted) -> Issue | None:
    """Return what stands against posting the opening balance; a credit needs no account."""
    amount = Decimal(draft.opening["amount"])
    if customer and customer.pk in posted:
        return Issue.of("opening_posted", amount=plain_amount(posted[customer.pk]))
    if amount < 0:
        return None
    is_enabled = draft.values.get("is_account_enabled")
    if not (customer.is_account_enabled if is_enabled is None and customer else is_enabled):
        return Issue.of("account_disabled")
    limit = customer.credit_limit if customer else None
    if "credit_limit" in draft.values:
        text = draft.values["credit_limit"]
        limit = None if text is None else Decimal(text)
    balance = amount + (customer.account_balance if customer else 0)
    return Issue.of("over_limit") if limit is not None and balance > limit else None


def leave_out_posted(draft: Draft, customer: int | None, posted: Posted) -> None:
    """Leave an opening balance out that the customer has already, with the same amount."""
    if customer in posted and posted[customer] == Decimal(draft.opening.get("amount", 0)):
        draft.opening = {}
