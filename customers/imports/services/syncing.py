"""Compare what another server says with what it said last: only what changed there is written here."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from customers.imports.drafts import Draft, Issue
from customers.imports.drafts.draft import Values
from customers.imports.models import Action, ImportedId, ImportJob, ImportRow
from customers.imports.services.changes import changes_of
from customers.imports.services.edits import changes_since
from customers.imports.services.leases import renew
from customers.imports.services.matching import customers_by_email
from customers.imports.services.views import View, load_views
from customers.models import Customer

BY_FOREIGN_ID = "foreign id"
BATCH = 500  # rows
PARTS = ("billing", "delivery", "others", "contacts", "tags")


def known_ids(job: ImportJob, drafts: list[Draft]) -> dict[str, ImportedId]:
    """Return the customers that came from this server before, by their ids there."""
    ids = [draft.foreign_id for draft in drafts if draft.foreign_id]
    if not job.source_id or not ids:
        return {}
    return {row.foreign_id: row for row in ids_of(job).filter(foreign_id__in=ids)}


def ids_of(job: ImportJob) -> QuerySet[ImportedId]:
    return ImportedId.objects.filter(store=job.store_id, source=job.source_id)


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


def obstacle(rest: Draft, view: View, imported: ImportedId) -> Issue | None:
    """Return why not to write: deleted here, e-mail of somebody else, changed on both sides."""
    customer = view.customer
    if customer.deleted_at:
        return Issue.of("deleted")
    owner = customers_by_email(customer.store, [rest.email_key] if rest.email_key else [])
    for pk in {*owner.values()} - {customer.pk}:
        name = str(Customer.objects.get(store=customer.store, pk=pk))
        return Issue.of("email_taken", "email", name=name)
    if customer.pk != imported.customer_id:
        return obstacle_of_merged(rest, view, imported.payload)
    # What changed here alone stays as it is; what changed on both sides is for a person to decide.
    names = {*rest.values, *rest.former, *(["billing_address"] if rest.billing else [])}
    for change in changes_since(customer, imported.version):
        both = frozenset(names & change.names)
        if both:
            return Issue.of("changed_on_both_sides", **change.as_data(both))
    return None


def obstacle_of_merged(rest: Draft, view: View, old: Values) -> Issue | None:
    """Return a conflict unless the survivor of a merge has what the server said before of what it changed."""
    former = Draft(rest.line, is_exact=True)
    former.values = {name: old.get("values", {}).get(name) for name in rest.values}
    former.billing = old.get("billing", {}) if rest.billing else {}
    has_theirs = not changes_of(view, former).diff
    return None if has_theirs else Issue.of("merged", name=str(view.customer))


def view_of(imported: ImportedId) -> View:
    """Return the customer that came from a server, or the one into which it was merged here."""
    pk = imported.customer_id
    view = load_views(imported.store, [pk])[pk]
    if survivor := view.customer.merged_into_id:
        view = load_views(imported.store, [survivor])[survivor]
    return view


def remember(job: ImportJob, row: ImportRow, said: Values) -> Values | None:
    """Remember the customer's id there, and what was said of it, together with the row's result.

    Return what had been said before, None of a new one. The id of a customer that was merged here stays its
    own, for the merge may be taken apart.
    """
    former = ids_of(job).filter(foreign_id=said["foreign_id"]).first()
    imported = former or ImportedId(
        store_id=job.store_id, source=job.source, foreign_id=said["foreign_id"]
    )
    before = imported.payload if former else None
    imported.payload, imported.seen_at = said, timezone.now()
    if former is None or not is_merged_into(former, row):
        imported.customer_id, imported.version = row.customer_id or 0, row.version_after or 0
    imported.save()
    return before


def remember_new(job: ImportJob, rows: list[ImportRow]) -> None:
    """Remember the ids there of new customers, whom this server had not told of before."""
    ImportedId.objects.bulk_create(
        ImportedId(
            store_id=row.store_id,
            source=job.source,
            foreign_id=row.payload["foreign_id"],
            customer_id=row.customer_id or 0,
            payload=row.payload,
            version=row.version_after or 0,
        )
        for row in rows
        if "foreign_id" in row.payload
    )


def is_merged_into(imported: ImportedId, row: ImportRow) -> bool:
    customers = Customer.objects.filter(store=row.store_id, pk=imported.customer_id)
    return (
        imported.customer_id != row.customer_id
        and customers.filter(merged_into=row.customer_id).exists()
    )


def remember_same(job: ImportJob, token: uuid.UUID) -> None:
    """Remember the ids of customers that were here already, the same as there. Raises LeaseLost."""
    same = ImportRow.objects.filter(store=job.store_id, job=job, action=Action.SAME)
    rows = same.exclude(matched_by=BY_FOREIGN_ID).order_by("line")
    last = 0
    while batch := list(rows.filter(line__gt=last)[:BATCH]):
        renew(job, token)
        ids = [row.payload["foreign_id"] for row in batch]
        known = set(ids_of(job).filter(foreign_id__in=ids).values_list("foreign_id", flat=True))
        for row in batch:
            row.version_after = row.seen_version
        remember_new(job, [row for row in batch if row.payload["foreign_id"] not in known])
        last = batch[-1].line


def forget(job: ImportJob, customers: Iterable[int]) -> None:
    """Forget the ids of customers that are gone, so that the next import creates them again."""
    ids_of(job).filter(customer__in=list(customers)).delete()


def restore_id(job: ImportJob, row: ImportRow, *, is_whole: bool) -> None:
    """Remember of a customer whose import was taken back what the server had said before.

    A new customer is forgotten, unless it stays: without its id, the next import would create it again. Where
    not the whole row went back, the version stays, so that the next import meets a conflict.
    """
    if said := row.result.get("said_before"):
        imported = ids_of(job).get(foreign_id=said["foreign_id"])
        imported.payload = said
        if is_whole:
            customer = Customer.objects.filter(store=job.store_id, pk=imported.customer_id)
            imported.version = customer.values_list("version", flat=True).get()
        imported.save(update_fields=["payload", "version"])
    elif is_whole or row.action == Action.UPDATE:
        ids_of(job).filter(customer=row.customer_id).delete()
