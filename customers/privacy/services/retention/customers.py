"""Erase customers about whom nothing has changed for the time of the rule: no order, payment or edit."""

from __future__ import annotations

from collections import Counter

from customers.models import Customer
from customers.privacy.models import Erasure
from customers.privacy.services.erasing import erase_all, with_merged
from customers.privacy.services.obstacles import obstacles
from customers.privacy.services.retention.keeping import reasons_to_keep
from customers.privacy.services.retention.work import Due, Span, Tally, Work
from customers.services.editing import Edit, lock
from stores.actors import Actor

RETENTION = Actor("system", None, "Retention rule")
ERASED_AT_A_TIME = 20  # in a transaction, which locks the store at its end


def inactive(due: Due, span: Span) -> list[int]:
    """Return the keys of customers without a change since the rule's time, who are not erased yet.

    Those who were merged into another are erased along with it.
    """
    customers = Customer.objects.filter(
        store=due.store, updated_at__lt=due.until, merged_into=None, **span.of()
    )
    keys = customers.order_by("pk").column("pk")
    if not keys:
        return []
    erasures = Erasure.objects.filter(store=due.store, **span.of("customer"))
    erased = set(erasures.order_by().column("customer_id"))
    return [key for key in keys if key not in erased]


def preview(due: Due, span: Span) -> Tally:
    keys = inactive(due, span)
    if not keys:
        return Tally()
    reasons = reasons_to_keep(due, span)
    free = [key for key in keys if key not in reasons]
    return Tally(len(free), Counter(reasons[key] for key in keys if key in reasons), free)


def carry_out(due: Due, span: Span) -> tuple[Tally, int]:
    """Erase some of the span. Customers are locked first, in their order, and judged again."""
    keys = inactive(due, span)
    reasons = reasons_to_keep(due, span) if keys else {}
    wanted = [key for key in keys if key not in reasons][:ERASED_AT_A_TIME]
    reached = wanted[-1] if len(wanted) == ERASED_AT_A_TIME else span.high
    done = Span(span.low, reached)
    edits = [
        Edit(lock(Customer.objects.filter(store=due.store, pk=key)), RETENTION) for key in wanted
    ]
    # An order may have come while the locks were waited for.
    still = {*inactive(due, done)} - reasons_to_keep(due, done).keys() if edits else set()
    edits = [edit for edit in edits if edit.customer.pk in still and is_free(edit.customer)]
    if edits:
        erase_all([one for edit in edits for one in with_merged(edit)])
    kept = Counter(reasons[key] for key in keys if key in reasons and key <= reached)
    return Tally(len(edits), kept), reached


def is_free(customer: Customer) -> bool:
    return next(obstacles(customer), None) is None


CUSTOMERS = Work(Customer, 5_000, preview, carry_out)
