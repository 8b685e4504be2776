"""Change many customers from their list: one by one, with a report of what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from customers.models import Customer, Tag
from customers.models.bulk_run import BulkKind
from customers.services.bulk_runs import Recording
from stores.actors import Actor
from stores.admin.error_messages import error_message
from stores.errors import DomainError

MAX_CUSTOMERS = 1000


def for_each(
    page: Any,
    request: HttpRequest,
    selected: QuerySet[Customer],
    outcome: str,
    change: Callable[[Customer, Actor], bool],
    most: int = MAX_CUSTOMERS,
    order: Sequence[Any] = ("pk",),
    kind: BulkKind | None = None,
    tag: Tag | None = None,
) -> None:
    """Change each customer. Report how many were changed, and count the refusals by reason.

    With a kind the run is recorded, so that it can be taken back.
    """
    customers_found = list(selected.order_by(*order)[: most + 1])
    if len(customers_found) > most:
        text = f"At most {most} customers can be changed at once. Narrow the selection."
        page.message_user(request, text, messages.ERROR)
        return
    count, refusals = 0, dict[str, int]()
    recording = Recording(page.actor(request), kind, tag) if kind else None
    for customer in customers_found:
        try:
            if recording:
                count += recording.change(customer, change)
            else:
                count += change(customer, page.actor(request))
        except DomainError as refusal:
            refusals[error_message(refusal)] = refusals.get(error_message(refusal), 0) + 1
    undo = undo_buttons(recording) if recording else ""
    report_results(page, request, outcome, count, len(customers_found), refusals, undo)


def report_results(
    page: Any,
    request: HttpRequest,
    outcome: str,
    count: int,
    total: int,
    refusals: dict[str, int],
    undo: SafeString | str = "",
) -> None:
    noun = "customer" if count == 1 else "customers"
    unchanged = total - count - sum(refusals.values())
    rest = f" {unchanged} had nothing to change." if unchanged else ""
    level = messages.SUCCESS if count else messages.WARNING
    text = f"{count} {noun} {outcome}.{rest}"
    page.message_user(request, format_html("{} {}", text, undo) if undo else text, level)
    for reason, times in refusals.items():
        page.message_user(request, f"{times} not changed: {reason}", messages.ERROR)


def undo_buttons(recording: Recording) -> SafeString:
    """Return a button for each run. It belongs to the form that stands above the messages of a page."""
    several = len(recording.runs) > 1
    return format_html_join(
        " ",
        '<button type="submit" class="btn small" form="message-form" formaction="{}">Undo{}</button>',
        (
            (
                reverse("admin:customers_bulkrun_undo", args=[run.pk]),
                f" in {run.store}" if several else "",
            )
            for run in recording.runs.values()
        ),
    )
