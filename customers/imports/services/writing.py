"""Write one planned row through the ordinary services, and what was there before into its result."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from customers.fields import CustomerFields
from customers.imports.drafts.draft import Draft
from customers.imports.models import Action, ImportJob, ImportRow, Outcome
from customers.imports.services import syncing
from customers.imports.services.changes import Changes, changes_of, fields_of_new
from customers.imports.services.edits import require_unedited
from customers.imports.services.openings import OpeningPosted, posted_openings
from customers.imports.services.views import View, load_children
from customers.models import Customer
from customers.models.choices import Source
from customers.models.ledger import OPENING, Account
from customers.reads import Row, full_customer_row
from customers.services import contacts
from customers.services.customers import apply_fields, create_customer, editing_with_references
from customers.services.editing import Edit, unit_of_work
from orders.services.accounts import post_entry

UNTOLD = Edit.derived - {"email_key", "phone_e164"}


class AlreadyWritten(Exception):
    """Another worker has written the row meanwhile."""


def write(job: ImportJob, row: ImportRow) -> None:
    """Write a row and its result in one transaction. Raises DomainError and AlreadyWritten."""
    draft = draft_of(row)
    with unit_of_work():
        if row.action == Action.CREATE:
            create(job, row, draft)
        else:
            update(job, row, draft)
        if draft.foreign_id:
            remember(job, row)
        save_result(row)


def draft_of(row: ImportRow) -> Draft:
    return Draft.from_json(row.line, {n: v for n, v in row.payload.items() if n != "said"})


def remember(job: ImportJob, row: ImportRow) -> None:
    """Remember what a server said of the row's customer, and what it had said before."""
    said = row.payload.get("said") or row.payload  # all that the server said of the customer
    if before := syncing.remember(job, row, said):
        row.result["said_before"] = before


def save_result(row: ImportRow) -> None:
    unwritten = ImportRow.objects.filter(store=row.store_id, pk=row.pk, outcome="")
    result = {name: getattr(row, name) for name in ("customer_id", "version_after", "result")}
    if not unwritten.update(**result, outcome=Outcome.WRITTEN, payload={}):
        raise AlreadyWritten


def create(job: ImportJob, row: ImportRow, draft: Draft) -> None:
    fields = fields_of_new(draft, job.store)
    customer = create_customer(job.store, job.writer, fields, source=Source.IMPORT)
    row.customer_id, row.version_after = customer["id"], customer["version"]
    post_opening(job, row, draft)


def update(job: ImportJob, row: ImportRow, draft: Draft) -> None:
    target = Customer.objects.filter(store=job.store_id, pk=row.customer_id or 0)
    references: CustomerFields = {"tags": draft.tags} if draft.tags else {}
    with editing_with_references(target, job.writer, references) as edit:
        require_unedited(edit.customer, row.seen_version or 0)
        view = View(edit.customer)
        load_children(job.store, {edit.customer.pk: view})
        changes = changes_of(view, draft)
        before = row_before(edit, changes)
        apply_fields(edit, changes.fields)
        for contact, fields in changes.contacts:
            contacts.update(edit, contact.uid, fields)
        for contact in changes.contacts_gone:
            contacts.remove(edit, contact.uid)
        row.result = {"columns": columns_of(edit), **changed_tags(view, changes)}
        edit.save_and_publish()
    row.version_after = edit.row["version"]
    # Whole rows are compared, because one address may change others: a new default one ends the former.
    row.result |= exact(children_of(before, edit.row))
    post_opening(job, row, draft)


def post_opening(job: ImportJob, row: ImportRow, draft: Draft) -> None:
    """Post the opening balance as one entry, dated in its note and by its due day."""
    if not draft.opening:
        return
    as_of, amount = draft.opening["as_of"], Decimal(draft.opening["amount"])
    target = Customer.objects.filter(store=job.store_id, pk=row.customer_id or 0)
    for posted in posted_openings(row.store_id, [row.customer_id or 0]).values():
        raise OpeningPosted(posted)  # by another import, after the check
    entry = post_entry(
        target,
        job.writer,
        Account.HOUSE,
        amount,
        reason=OPENING,
        notes=f"Opening balance as of {as_of}" if as_of else "Opening balance",
        due_on=date.fromisoformat(as_of) if as_of and amount > 0 else None,
    )
    row.result |= {"entry": str(entry.uid), "amount": str(entry.amount)}
    # The posting raised it. Without this, taking back would take our own posting for somebody's edit.
    row.version_after = target.values_list("version", flat=True).get()


def row_before(edit: Edit, changes: Changes) -> Row:
    """Return the customer's row as it is, if addresses or contacts will change, else an empty one."""
    names = {"billing_address", "delivery_address", "addresses", "contacts"}
    if not (names & changes.fields.keys() or changes.contacts or changes.contacts_gone):
        return {}
    return full_customer_row(edit.customer.store_id, edit.customer.pk)


def columns_of(edit: Edit) -> Any:
    """Return the old and new values of the columns that the edit changes."""
    new = edit.changed_values()
    old = edit.before(list(new))
    columns = {name: [old[name], value] for name, value in new.items() if name not in UNTOLD}
    if "marketing_opt_in" in columns:  # its time is set with the save
        columns["marketing_opt_in_at"] = [edit.customer.marketing_opt_in_at, None]
    return exact(columns)


def exact(value: Any) -> Any:
    """Return a value for JSON whose times keep their microseconds, which Django's encoder cuts off."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: exact(part) for name, part in value.items()}
    return [exact(part) for part in value] if isinstance(value, list) else value


def changed_tags(view: View, changes: Changes) -> dict[str, list[str]]:
    """Return the tags that are new on the customer, and those that are gone."""
    names = changes.fields.get("tags", view.tags)
    gone = [name for name in view.tags if name not in names]
    return {"tags": [name for name in names if name not in view.tags], "tags_gone": gone}


def children_of(before: Row, after: Row) -> dict[str, list[list[Any]]]:
    """Return the addresses and contacts that changed, each as it was and as it became. None: not there."""
    if not before:
        return {}
    changed: dict[str, list[list[Any]]] = {}
    for name in ("addresses", "contacts"):
        old = {child["uid"]: child for child in before[name]}
        new = {child["uid"]: child for child in after[name]}
        pairs = [[old.get(uid), new.get(uid)] for uid in {**old, **new}]
        changed[name] = [pair for pair in pairs if pair[0] != pair[1]]
    return changed
