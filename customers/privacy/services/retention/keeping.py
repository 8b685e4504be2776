"""Which inactive customers are kept, and why: they owe or are owed, are under way, restricted, or in the books.

The customers of a span are judged by a few statements, in the preview and again when they are locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.expressions import Combinable

from customers.models import Customer, LedgerEntry
from customers.models.ledger import Account
from customers.privacy.models import PrivacyRequest
from customers.privacy.models.request import RequestState
from customers.privacy.months import months_after
from customers.privacy.services.obstacles import UNDER_WAY, exact
from customers.privacy.services.retention.work import Due, Span
from orders.models import Order, Payment
from orders.models.order import Status

# A store that does not say for how long it keeps its books keeps all of them.
BEFORE_ALL = date(1900, 1, 1)
# The reasons in words, by their code. The first that applies is counted.
REASONS = {
    "restricted": "restricted",
    "request_open": "has a request that is open",
    "under_way": "has an order under way",
    "owes": "owes money",
    "owed": "is owed money",
    "in_books": "has postings within the tax period",
}


def reasons_to_keep(due: Due, span: Span) -> dict[int, str]:
    """Return the code of the reason for each customer of the span that must be kept."""
    reasons: dict[int, str] = {}
    for code, keys in judgements(due, span):
        for key in keys:
            reasons.setdefault(key, code)
    return reasons


def judgements(due: Due, span: Span) -> Iterator[tuple[str, Iterable[int]]]:
    customers = Customer.objects.filter(store=due.store, **span.of())
    requests = PrivacyRequest.objects.filter(store=due.store, **span.of("customer"))
    orders = Order.objects.filter(store=due.store, **span.of("customer")).order_by()
    # Orders that were deleted with their customer owe nothing any more, but are still in the books.
    counting = orders.filter(withdrawn_at=None)
    yield "restricted", customers.exclude(restricted_at=None).column("pk")
    yield "request_open", requests.filter(state=RequestState.OPEN).column("customer_id")
    yield "under_way", counting.filter(status__in=UNDER_WAY).column("customer_id")
    yield "owes", customers.filter(account_balance__gt=0).column("pk")
    yield "owed", customers.filter(account_balance__lt=0).column("pk")
    unpaid = F("total") - F("credited_amount") - F("paid_amount") - F("charged_amount")
    yield "owes", with_rest(counting.exclude(status=Status.CANCELLED), unpaid)
    paid = F("paid_amount") - F("refunded_amount")
    yield "owed", with_rest(counting.filter(status=Status.CANCELLED), paid)
    yield "in_books", in_books(due, span)


def with_rest(orders: Any, rest: Combinable) -> list[int]:
    sums = orders.values("customer_id").annotate(rest=Sum(rest))
    return [row["customer_id"] for row in sums if exact(row["rest"])]


def in_books(due: Due, span: Span) -> set[int]:
    """Return who has an order, a payment or a posting within the store's tax period."""
    years = due.store.tax_years
    first_day = BEFORE_ALL if years is None else months_after(due.on, -12 * years)
    start = due.midnight(first_day)
    own = {"store": due.store}
    orders = Order.objects.filter(**own, **span.of("customer"), placed_at__gte=start)
    entries = LedgerEntry.objects.filter(
        Q(created_at__gte=start) | Q(paid_on__gte=first_day),
        **own,
        **span.of("customer"),
        account=Account.HOUSE,
    )
    payments = Payment.objects.filter(
        Q(created_at__gte=start) | Q(paid_on__gte=first_day),
        **own,
        order__store=due.store,
        order__placed_at__lt=start,  # later ones are found already, and would make this a scan of all payments
        **span.of("order__customer"),
    )
    return {
        *orders.order_by().column("customer_id"),
        *entries.order_by().column("customer_id"),
        *payments.order_by().column("order__customer_id"),
    }
