"""Give addresses, contacts, tags and consents of the loser to the survivor, and back."""

from __future__ import annotations

from typing import Any

from customers.merging.models import Merge, MovedRow, Table
from customers.models import Address, ConsentChange, Contact, Customer, CustomerTag
from customers.models.address import Role
from customers.services import tags
from customers.services.addresses.editing import MAX_ADDRESSES, summary
from customers.services.addresses.former_ids import place_of
from customers.services.contacts import MAX_CONTACTS
from customers.services.contacts import names_of as contact_names
from customers.services.editing import Edit
from customers.tasks.models import Note
from stores.errors import Conflict
from stores.models.base import TenantQuerySet

ADDRESS_COLUMNS = ("role", "position", "is_default", "external_id")
MODELS: dict[str, Any] = {
    Table.ADDRESS: Address,
    Table.CONTACT: Contact,
    Table.TAG: CustomerTag,
    Table.CONSENT: ConsentChange,
    Table.NOTE: Note,
}


def rows_of(model: Any, customer: Customer) -> TenantQuerySet[Any]:
    rows: TenantQuerySet[Any] = model.objects.filter(store=customer.store_id, customer=customer)
    return rows


def move_children(survivor: Edit, loser: Edit, merge: Merge) -> list[MovedRow]:
    """Give all rows to the survivor that it does not have already. Raises Conflict `merge_too_many`."""
    record_changes(survivor)
    record_changes(loser)
    return [
        *move_addresses(survivor.customer, loser.customer, merge),
        *move_contacts(survivor.customer, loser.customer, merge),
        *move_tags(survivor.customer, loser.customer, merge),
        *move_rows(Table.CONSENT, survivor.customer, loser.customer, merge),
        *move_rows(Table.NOTE, survivor.customer, loser.customer, merge),
    ]


def record_changes(edit: Edit) -> None:
    """Record the rows as they are, for the timeline, where there are any."""
    if addresses := list(rows_of(Address, edit.customer)):
        edit.record_child_change("addresses", summary(addresses))
    if contacts := contact_names(edit.customer):
        edit.record_child_change("contacts", contacts)
    if names := tags.names_of(edit.customer):
        edit.record_child_change("tags", names)


def moved(merge: Merge, table: Table, pk: int, **before: Any) -> MovedRow:
    return MovedRow(store_id=merge.store_id, merge=merge, table=table, row_pk=pk, before=before)


def move_addresses(survivor: Customer, loser: Customer, merge: Merge) -> list[MovedRow]:
    """Move addresses of other places. The survivor's billing and default address stay what they are."""
    present = list(rows_of(Address, survivor))
    places = {place_of(address) for address in present}
    coming = [one for one in rows_of(Address, loser) if place_of(one) not in places]
    if len(present) + len(coming) > MAX_ADDRESSES:
        raise Conflict("merge_too_many", what="addresses", most=MAX_ADDRESSES)
    has_billing = any(one.role == Role.BILLING for one in present)
    has_default = any(one.is_default for one in present)
    references = {one.external_id for one in present if one.external_id}
    position = max((one.position for one in present), default=-1) + 1
    rows = list[MovedRow]()
    for offset, address in enumerate(coming):
        before = {name: getattr(address, name) for name in ADDRESS_COLUMNS}
        rows.append(moved(merge, Table.ADDRESS, address.pk, **before))
        address.customer, address.position = survivor, position + offset
        # Each customer has at most one of these, and references are unique: the survivor's stand.
        if has_billing:
            address.role = Role.DELIVERY
        if has_default:
            address.is_default = False
        if address.external_id in references:
            address.external_id = None
        address.save(update_fields=["customer", *ADDRESS_COLUMNS])
    require_default(survivor)
    return rows


def require_default(customer: Customer) -> None:
    """Make the first delivery address the default one, if none is."""
    deliveries = rows_of(Address, customer).filter(role=Role.DELIVERY)
    first = deliveries.order_by("position", "id").first()
    if first is not None and not deliveries.filter(is_default=True).exists():
        first.as_queryset().update(is_default=True)


def move_contacts(survivor: Customer, loser: Customer, merge: Merge) -> list[MovedRow]:
    present, coming = rows_of(Contact, survivor), list(rows_of(Contact, loser))
    if present.count() + len(coming) > MAX_CONTACTS:
        raise Conflict("merge_too_many", what="contacts", most=MAX_CONTACTS)
    has_primary = present.filter(is_primary=True).exists()
    rows = list[MovedRow]()
    for contact in coming:
        rows.append(moved(merge, Table.CONTACT, contact.pk, is_primary=contact.is_primary))
        contact.customer = survivor
        contact.is_primary = contact.is_primary and not has_primary
        contact.save(update_fields=["customer", "is_primary"])
    return rows


def move_tags(survivor: Customer, loser: Customer, merge: Merge) -> list[MovedRow]:
    """Move the tags that the survivor has not. The rows move: a new row would lock its tag too late."""
    present = rows_of(CustomerTag, survivor).values("tag")
    coming = rows_of(CustomerTag, loser).exclude(tag__in=present)
    return move_all(coming, Table.TAG, survivor, merge)


def move_rows(table: Table, survivor: Customer, loser: Customer, merge: Merge) -> list[MovedRow]:
    return move_all(rows_of(MODELS[table], loser), table, survivor, merge)


def move_all(
    coming: TenantQuerySet[Any], table: Table, survivor: Customer, merge: Merge
) -> list[MovedRow]:
    pks = list(coming.order_by("id").values_list("pk", flat=True))
    MODELS[table].objects.filter(store=survivor.store_id, pk__in=pks).update(customer=survivor)
    return [moved(merge, table, pk) for pk in pks]


def return_children(survivor: Edit, loser: Edit, merge: Merge) -> list[str]:
    """Give the loser its rows back as they are now. Return what is gone, in words."""
    record_changes(survivor)
    record_changes(loser)
    gone = list[str]()
    rows = MovedRow.objects.filter(store=merge.store_id, merge=merge, table__in=[*MODELS])
    for row in rows.order_by("id"):
        held = rows_of(MODELS[row.table], survivor.customer).filter(pk=row.row_pk)
        # Not found: somebody deleted it, or a later merge, since taken apart, gave it away.
        if not held.update(customer=loser.customer, **restored(row, held)):
            gone.append(row.get_table_display())
    require_default(survivor.customer)
    require_default(loser.customer)
    return gone


def restored(row: MovedRow, held: TenantQuerySet[Any]) -> dict[str, Any]:
    """Return the columns that the merge changed, as they were. An external id that was set since stays."""
    before: dict[str, Any] = dict(row.before)
    if before.get("external_id"):
        before["external_id"] = (
            next(iter(held.column("external_id")), None) or before["external_id"]
        )
    return before
