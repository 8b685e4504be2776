"""Two people changed one customer at a time: keep what each typed, and ask for each field that both changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from customers.admin import timeline
from customers.admin.conflicting_rows import rebuild_rows
from customers.admin.typed_values import Asked, Choice, merge_fields
from customers.models import Customer, Tag
from customers.reads import Row
from stores.admin.query import whole_number

FIRST_CHANGES = 12


@dataclass
class EditConflict:
    """What the page asks: the changes of others since it was opened, and a choice for each disputed field."""

    version: int  # which the choices were made from
    changes: list[tuple[timeline.Entry, str]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)


def merge_posted(page: Any, request: HttpRequest, customer: Customer) -> None:
    """Merge a submitted form with the changes that others made meanwhile, before it is read.

    Fields that only others changed get their values. Set `request.conflict` when the person has to look at the
    result first; otherwise the form counts as one of the present version.
    """
    data = request.POST.copy()
    seen = whole_number(data.get("seen_version", "")) or 0
    data["seen_version"] = str(customer.version)
    request.POST = data  # type: ignore[assignment]
    # Orders and postings raise the version too, but change no field of the page: they are no conflict.
    if seen == customer.version or (seen and not timeline.edited_since(customer, seen)):
        return
    asked = merge_page(page, request, customer, timeline.customer_at(customer, seen), data)
    shown = whole_number(data.get("shown_version", ""))
    is_shown = shown is not None and not timeline.edited_since(customer, shown)
    if not (is_shown and asked.is_decided):
        data["seen_version"] = str(seen)
        changes = changes_since(customer, seen)
        request.conflict = EditConflict(customer.version, changes, asked.choices)


def merge_page(
    page: Any, request: HttpRequest, customer: Customer, base: Row | None, data: QueryDict
) -> Asked:
    """Write the merged values of the form and of its rows to `data`, and return what is to be asked.

    `base` is the customer as the person saw it, or None when nobody knows; then each difference is asked.
    """
    asked = Asked(data)
    form = page.get_form(request, customer, change=True)(instance=customer)
    merge_fields(form, None if base is None else values_of(customer, base), asked)
    for formset, inline in unbound_rows(page, request, customer):
        rebuild_rows(formset, inline.verbose_name, base, asked)
    return asked


def values_of(customer: Customer, row: Row) -> dict[str, Any]:
    """Return a customer's row with the names and values of the form."""
    uids = [tag["uid"] for tag in row["tags"]]
    tags = Tag.objects.filter(store=customer.store_id, uid__in=uids).values_list("pk", flat=True)
    return {
        **row,
        "default_depot": row["default_depot_id"],
        "tag_list": list(tags),
        "customer_since": row["customer_since"].replace(microsecond=0),  # as the form shows it
    }


def unbound_rows(
    page: Any, request: HttpRequest, customer: Customer
) -> list[tuple[forms.BaseInlineFormSet[Any, Any, Any], Any]]:
    """Return the formsets with the rows of the database, named as Django names those of the page."""
    prefixes: dict[str, int] = {}
    found = []
    for formset_class, inline in page.get_formsets_with_inlines(request, customer):
        prefix = formset_class.get_default_prefix()
        prefixes[prefix] = prefixes.get(prefix, 0) + 1
        name = prefix if prefixes[prefix] == 1 else f"{prefix}-{prefixes[prefix]}"
        rows = inline.get_queryset(request)
        found.append((formset_class(instance=customer, prefix=name, queryset=rows), inline))
    return found


def changes_since(customer: Customer, version: int) -> list[tuple[timeline.Entry, str]]:
    """Return the first changes of others, each with its text."""
    items = [
        (entry, f"{change.name}: {change.old} → {change.new}" if change else entry.title)
        for entry in timeline.since(customer, version, FIRST_CHANGES)
        for change in entry.changes or [None]
    ]
    return items[:FIRST_CHANGES]
