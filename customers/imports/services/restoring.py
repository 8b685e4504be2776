"""Take one written row back inside a transaction. Return what could not go back, with who and when."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from customers.imports.models import ImportJob, ImportRow
from customers.imports.services import restoring_children as children
from customers.imports.services.edits import Change, changes_since
from customers.models import Charge, Customer, LedgerEntry
from customers.models.ledger import OPENING, Account
from customers.money import plain_amount
from customers.services.customers import soft_delete
from customers.services.editing import Edit, editing
from orders.services.accounts import post_entry
from orders.services.voiding import Void, void_entry
from stores.errors import Conflict

LABELS = {"default_depot_id": "depot"}
TAKEN_BACK = "Import taken back"


@dataclass(frozen=True)
class Kept:
    """What stays as it is: a field or a part ("" for the whole customer), and why."""

    what: str
    text: str


def take_back_created(job: ImportJob, row: ImportRow) -> list[Kept]:
    """Delete a customer that the import created, unless somebody has worked on it since."""
    with editing(customers_of(job, row), job.writer) as edit:
        reason = reason_to_stay(edit.customer, row)
    if reason:
        return [Kept("", reason)]
    post_back(job, row)
    with editing(customers_of(job, row), job.writer) as edit:
        soft_delete(edit)
    return []


def customers_of(job: ImportJob, row: ImportRow) -> Any:
    return Customer.objects.live().filter(store=job.store_id, pk=row.customer_id or 0)


def reason_to_stay(customer: Customer, row: ImportRow) -> str:
    """Return what was done with the customer since the import, or "" for nothing."""
    if customer.version == row.version_after:  # orders and postings raise it, too
        return ""
    if customer.orders_ever:
        when = (
            f", the last at {customer.last_order_at:%Y-%m-%d %H:%M} UTC"
            if customer.last_order_at
            else ""
        )
        return f"The customer has {customer.orders_ever} orders{when}."
    entries = LedgerEntry.objects.filter(store=customer.store_id, customer=customer)
    if entry := entries.exclude(reason=OPENING).order_by("-id").first():
        amount, when = plain_amount(entry.amount), f"{entry.created_at:%Y-%m-%d %H:%M} UTC"
        return f"{entry.actor_name} posted {amount} at {when}."
    changes = changes_since(customer, row.version_after or 0)
    return text_of(changes[-1]) if changes else ""


def text_of(change: Change, name: str = "") -> str:
    data = change.as_data(frozenset({name}) if name else None)
    return "{who} changed {what} at {when}.".format(**data)


def post_back(job: ImportJob, row: ImportRow) -> None:
    """Post the opening balance back; entries are never deleted."""
    if not row.result.get("entry"):
        return
    amount, uid = Decimal(row.result["amount"]), uuid.UUID(row.result["entry"])
    target = customers_of(job, row)
    if amount < 0:
        take_back_credit(target, job, uid)
        return
    charge = Charge.objects.filter(store=job.store_id, customer=row.customer_id, uid=uid).first()
    open_amount = charge.open_amount if charge else Decimal(0)
    post_entry(
        target,
        job.writer,
        Account.HOUSE,
        -amount,
        reason=OPENING,
        notes=TAKEN_BACK,
        spread={uid: open_amount} if open_amount else {},
    )


def take_back_credit(target: Any, job: ImportJob, uid: uuid.UUID) -> None:
    """Take a credit back, also where the account is disabled or at its limit."""
    try:
        void_entry(target, job.writer, uid, Void(OPENING, TAKEN_BACK))
    except Conflict as refusal:
        if refusal.code != "voided":  # by staff: then it is gone already
            raise


def take_back_updated(job: ImportJob, row: ImportRow) -> list[Kept]:
    """Give a changed customer each value back that nobody changed since.

    The opening balance goes first: a credit that is taken back needs the account that the import opened.
    """
    post_back(job, row)
    with editing(customers_of(job, row), job.writer) as edit:
        changes = changes_since(edit.customer, row.version_after or 0)
        later = {name: change for change in changes for name in change.names}
        kept = restore_columns(edit, row.result.get("columns", {}), later)
        for name, text in children.restore(edit, row.result, later):
            kept.append(Kept(name, text))
        edit.save_and_publish()
    return kept


def restore_columns(
    edit: Edit, columns: dict[str, list[Any]], later: dict[str, Change]
) -> list[Kept]:
    """Set the former values. Columns that follow from others, such as a name and its parts, go together."""
    kept = []
    for group in groups_of(columns):
        changed = [name for name in group if name in later]
        if changed:
            label = LABELS.get(group[0], group[0]).replace("_", " ")
            kept.append(Kept(label, text_of(later[changed[0]], changed[0])))
            continue
        for name in group:
            setattr(edit.customer, name, value_of(name, columns[name][0]))
    return kept


TOGETHER = (
    ("name", "first_name", "last_name"),
    ("email", "email_key"),
    ("phone", "phone_dial_code", "phone_number", "phone_e164"),
    # Without its former time, a flag that goes back to "never asked" would read as a refusal.
    ("marketing_opt_in", "marketing_opt_in_at"),
)


def groups_of(columns: dict[str, list[Any]]) -> list[list[str]]:
    groups = [[name for name in names if name in columns] for names in TOGETHER]
    joined = {name for names in TOGETHER for name in names}
    return [group for group in groups if group] + [[n] for n in columns if n not in joined]


def value_of(name: str, value: Any) -> Any:
    """Return a value of the JSON as its column has it."""
    field = next(f for f in Customer._meta.concrete_fields if f.attname == name)
    return value if field.is_relation else field.to_python(value)
