"""Compare what another server says with what it said last: only what changed there is written here."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.utils import timezone

from customers.imports.drafts import Draft, Issue
from customers.imports.drafts.draft import Values
from customers.imports.models import Action, ImportedId, ImportJob, ImportRow
from customers.imports.services.edits import changes_since
from customers.imports.services.leases import renew
from customers.models import Customer

BY_FOREIGN_ID = "foreign id"
BATCH = 500  # rows
PARTS = ("billing", "delivery", "others", "contacts", "tags")


def known_ids(job: ImportJob, drafts: list[Draft]) -> dict[str, ImportedId]:
    """Return the customers that came from this server before, by their ids there."""
    ids = [draft.foreign_id for draft in drafts if draft.foreign_id]
    if not job.source_id or not ids:
        return {}
    rows = ImportedId.objects.filter(store=job.store_id, source=job.source_id, foreign_id__in=ids)
    return {row.foreign_id: row for row in rows}


def changed_there(draft: Draft, imported: ImportedId) -> Draft | None:
    """Return a draft of only what changed since the last time, or None if nothing did."""
    new, old = draft.as_json(), imported.payload
    values = changed_values(new.get("values", {}), old.get("values", {}))
    changed = {name for name in PARTS if new.get(name) != old.get(name)}
    if not values and not changed:
        return None
    rest = Draft(draft.line, values=values, foreign_id=draft.foreign_id, is_exact=True)
    rest.email_key = draft.email_key if "email" in values else ""
    if "billing" in changed:
        rest.billing = changed_values(draft.billing, old.get("billing", {}))
    if changed & {"delivery", "others"}:
        rest.delivery, rest.others = draft.delivery, draft.others
        former = [old.get("delivery", {}), *old.get("others", [])]
        rest.former["addresses"] = [address for address in former if address]
    for name in changed & {"contacts", "tags"}:
        setattr(rest, name, getattr(draft, name))
        rest.former[name] = old.get(name, [])
    return rest


def changed_values(new: Values, old: Values) -> Values:
    """Return the fields with another value than before; None for those that are gone."""
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    return changed | {name: None for name in old if name not in new}


def obstacle(rest: Draft, customer: Customer, imported: ImportedId) -> Issue | None:
    """Return what stands against writing: a deletion here, or a change of the same field on both sides."""
    if customer.deleted_at:
        return Issue.of("deleted")
    names = {*rest.values, *rest.former, *(["billing_address"] if rest.billing else [])}
    for change in changes_since(customer, imported.version):
        both = frozenset(names & change.names)
        if both:
            return Issue.of("changed_on_both_sides", **change.as_data(both))
    return None


def said_before(job: ImportJob, foreign_id: str) -> Values | None:
    """Return what the server said of a customer the last time, or None for a new one."""
    ids = ImportedId.objects.filter(store=job.store_id, source=job.source_id, foreign_id=foreign_id)
    return ids.values_list("payload", flat=True).first()


def remember(job: ImportJob, row: ImportRow, said: Values) -> None:
    """Remember the customer's id there, and what was said of it, together with the row's result."""
    ImportedId.objects.update_or_create(
        store_id=job.store_id,
        source_id=job.source_id,
        foreign_id=said["foreign_id"],
        defaults={
            "customer_id": row.customer_id or 0,
            "payload": said,
            "version": row.version_after or 0,
            "seen_at": timezone.now(),
        },
    )


def remember_same(job: ImportJob, token: uuid.UUID) -> None:
    """Remember the ids of customers that were here already, the same as there. Raises LeaseLost."""
    rows = ImportRow.objects.filter(store=job.store_id, job=job, action=Action.SAME)
    for number, row in enumerate(rows.exclude(matched_by=BY_FOREIGN_ID).iterator()):
        if number % BATCH == 0:
            renew(job, token)
        row.version_after = row.seen_version
        remember(job, row, row.payload)


def forget(job: ImportJob, customers: Iterable[int]) -> None:
    """Forget the ids of customers that are gone, so that the next import creates them again."""
    ids = ImportedId.objects.filter(store=job.store_id, source=job.source_id)
    ids.filter(customer__in=list(customers)).delete()


def restore_id(job: ImportJob, row: ImportRow, *, is_whole: bool) -> None:
    """Remember of a customer whose import was taken back what the server had said before.

    A new customer is forgotten, unless it stays: without its id, the next import would create it again. Where
    not the whole row went back, the version stays, so that the next import meets a conflict.
    """
    ids = ImportedId.objects.filter(
        store=job.store_id, source=job.source_id, customer=row.customer_id
    )
    if said := row.result.get("said_before"):
        customer = Customer.objects.filter(store=job.store_id, pk=row.customer_id or 0)
        version = {"version": customer.values_list("version", flat=True).get()} if is_whole else {}
        ids.filter(foreign_id=said["foreign_id"]).update(payload=said, **version)
    elif is_whole or row.action == Action.UPDATE:
        ids.delete()
