"""Delete old records of what the product did: attempts to send messages, exports of personal data."""

from __future__ import annotations

from typing import Any

from customers.privacy.models import DataExport
from customers.privacy.services.retention.work import Due, Span, Tally, Work
from stores.models import WebhookAttempt


def work_on(model: Any, width: int) -> Work:
    """Return the work of deleting rows of a table by their `created_at`."""

    def old(due: Due, span: Span) -> Any:
        return model.objects.filter(store=due.store, created_at__lt=due.until, **span.of())

    def preview(due: Due, span: Span) -> Tally:
        keys = old(due, span).order_by("pk").column("pk")
        return Tally(len(keys), examples=keys)

    def carry_out(due: Due, span: Span) -> tuple[Tally, int]:
        # On a distributed database a DELETE locks the whole table, even when it finds no row.
        rows = old(due, span)
        number = rows.count()
        if number:
            rows.delete()
        return Tally(number), span.high

    return Work(model, width, preview, carry_out)


ATTEMPTS = work_on(WebhookAttempt, 5_000)
EXPORTS = work_on(DataExport, 1_000)
