"""Take a merge apart: both customers are again what they were, but for what was changed since."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.utils import timezone

from customers.merging.models import Merge, MovedRow, Table
from customers.merging.models.merge import MergeQuerySet
from customers.merging.services.children import return_children
from customers.merging.services.fields import GROUPS
from customers.merging.services.locking import lock_merged
from customers.merging.services.orders import (
    hold_events,
    moved_orders,
    order_subjects,
    publish_orders,
)
from customers.merging.services.pairs import decide_different, return_decisions
from customers.merging.services.values import as_json, from_json
from customers.models import Customer, Depot, LoginEmail
from customers.models.ledger import Account
from customers.services import accounts
from customers.services.consent_history import latest_consent, record_choice
from customers.services.editing import Edit, delete_login_emails, unit_of_work
from customers.services.match_keys import return_former
from orders.services.house_account import HouseAccount
from orders.services.returning import REASON, give_back, settle_owner
from orders.services.statistics import recount
from orders.services.transfers import Transfer
from stores.actors import Actor
from stores.errors import Conflict, NotFound
from stores.outbox import publish_many


def unmerge_customers(target: MergeQuerySet, actor: Actor) -> Merge:
    """Take the merge that `target` names apart. `undo_report` says what stayed as it was, and why.

    Raises NotFound, and Conflict `unmerged_already`, `newer_merge` (with its uid), `merge_deleted`,
    `email_taken_by` (with name and uid), or `refunded_already` when the loser's money paid an order that was
    refunded since.
    """
    with unit_of_work():
        merge = get_merge(target)
        # Of a survivor who was erased since, nothing is left here.
        depot = merge.survivor_before.get("default_depot_id")
        kept, back = lock_merged(merge.store_id, merge.survivor_id, merge.loser_id, depot)
        merge = get_merge(target)  # as it is under the lock
        require_newest(merge, kept)
        return take_apart(merge, Edit(kept, actor), Edit(back, actor))


def get_merge(target: MergeQuerySet) -> Merge:
    merge = target.of_one_store().select_related("survivor", "loser").first()
    if merge is None:
        raise NotFound
    if merge.undone_at is not None:
        raise Conflict("unmerged_already", by=merge.undone_by)
    return merge


def require_newest(merge: Merge, survivor: Customer) -> None:
    """Refuse while the survivor is merged or deleted itself, or took another customer since."""
    standing = Merge.objects.filter(store=merge.store_id).standing()
    newer = standing.filter(survivor=survivor, pk__gt=merge.pk).order_by("-pk").first()
    if survivor.merged_into_id is not None:
        newer = standing.filter(loser=survivor).first()
    if newer is not None:
        raise Conflict("newer_merge", uid=newer.uid)
    if survivor.deleted_at is not None:
        raise Conflict("merge_deleted", name=str(survivor))


def take_apart(merge: Merge, survivor: Edit, loser: Edit) -> Merge:
    kept, back = survivor.customer, loser.customer
    changed = restore_fields(merge, kept)
    # With the survivor's own e-mail back, which may have been the loser's until now.
    require_free_email(merge, kept, back)
    gone = return_children(survivor, loser, merge)
    moved, payments = return_orders(merge, survivor, loser)
    missing = return_points(merge, survivor, loser)
    return_logins(merge, kept, back)
    return_merged(merge, kept, back)
    merge.undone_at, merge.undone_by = timezone.now(), survivor.actor.name
    merge.undo_report = {"changed": changed, "gone": gone, "missing_points": as_json(missing)}
    merge.save(update_fields=["undone_at", "undone_by", "undo_report"])
    return_decisions(merge)
    decide_different(kept, back, survivor.actor)
    return_former(kept.store_id, kept.pk, back.pk)
    own = order_subjects(kept, [], [one for one in payments if one.uid not in moved])
    of_moved = [one for one in payments if one.uid in moved]
    returned = order_subjects(kept, list(moved.values()), of_moved)
    events = hold_events(survivor, loser)
    publish_survivor(survivor, back)
    back.deleted_at = back.merged_into = None
    loser.save_and_publish("customer.restored", {"unmerged_from": str(kept.uid)})
    publish_orders(loser, returned)
    publish_orders(survivor, own)
    publish_many(events, survivor.actor)
    return merge


def restore_fields(merge: Merge, survivor: Customer) -> list[dict[str, Any]]:
    """Set each field as it was before. Return those that somebody changed since; these stay."""
    changed = list[dict[str, Any]]()
    for name, columns in GROUPS.items():
        wrote = {column: from_json(column, merge.wrote) for column in columns}
        before = {column: from_json(column, merge.survivor_before) for column in columns}
        if wrote == before:  # the merge did not change it, so whatever it is now is somebody's own
            continue
        now = {column: getattr(survivor, column) for column in columns}
        if now != wrote or not exists(survivor, before):
            changed.append({"field": name, "now": as_json(now[columns[0]])})
            continue
        for column, value in before.items():
            setattr(survivor, column, value)
    return changed


def exists(survivor: Customer, values: dict[str, Any]) -> bool:
    """Return False for a depot that was deleted since."""
    pk = values.get("default_depot_id")
    return pk is None or Depot.objects.filter(store=survivor.store_id, pk=pk).exists()


def require_free_email(merge: Merge, survivor: Customer, loser: Customer) -> None:
    """Refuse while another live customer has the loser's e-mail, also the survivor if somebody gave it that."""
    if not loser.email_key:
        return
    same = Customer.objects.live().filter(store=merge.store_id, email_key=loser.email_key)
    taker = same.exclude(pk=survivor.pk).first()
    if taker is None and survivor.email_key == loser.email_key:
        taker = survivor
    if taker is not None:
        raise Conflict("email_taken_by", email=loser.email, name=str(taker), uid=taker.uid)


def return_orders(
    merge: Merge, survivor: Edit, loser: Edit
) -> tuple[dict[uuid.UUID, int], list[Any]]:
    """Give the loser its orders back as they are now, and what they owe. Return their keys, and changes."""
    kept, back = survivor.customer, loser.customer
    transfers = [transfer_of(values) for values in merge.transfers]
    orders = moved_orders(merge, kept).order_by("pk")
    moved: dict[uuid.UUID, int] = dict(orders.values_list("uid", "pk"))
    holder, owner = HouseAccount(survivor), HouseAccount(loser)
    payments, ahead = give_back(holder, transfers, owner, orders)
    orders.order_by().update(customer=back)
    payments += settle_owner(owner, ahead)
    recount(kept)
    recount(back)
    return moved, payments


def transfer_of(values: dict[str, Any]) -> Transfer:
    uids = {
        name: uuid.UUID(values[name]) if values[name] else None
        for name in ("given", "taken", "order_uid")
    }
    return Transfer(**uids, is_charge=values["is_charge"])  # type: ignore[arg-type] # two are never None


def return_points(merge: Merge, survivor: Edit, loser: Edit) -> Decimal:
    """Give back the points that are still there. Return how many are missing: they were redeemed since."""
    points = min(merge.points, survivor.customer.loyalty_balance)
    if points:
        accounts.post(survivor, Account.LOYALTY, -points, reason=REASON)
        accounts.post(loser, Account.LOYALTY, points, reason=REASON)
    return merge.points - points


def return_logins(merge: Merge, survivor: Customer, loser: Customer) -> None:
    """Let both log in to the portal again as before. Raises Conflict `email_taken` when somebody may by now."""
    logins = LoginEmail.objects.filter(store=merge.store_id, customer=survivor)
    if merge.login_email:
        delete_login_emails(logins.filter(email_key=merge.login_email))
        create_login(loser, merge.login_email)
    has_email = survivor.email_key == merge.survivor_login_email  # nobody has changed it since
    if merge.survivor_login_email and has_email and not logins.exists():
        create_login(survivor, merge.survivor_login_email)


def create_login(customer: Customer, email_key: str) -> None:
    if LoginEmail.objects.filter(email_key=email_key).exists():
        raise Conflict("email_taken", "email")
    LoginEmail.objects.create(store_id=customer.store_id, customer=customer, email_key=email_key)


def return_merged(merge: Merge, survivor: Customer, loser: Customer) -> None:
    rows = MovedRow.objects.filter(store=merge.store_id, merge=merge, table=Table.MERGED)
    former = Customer.objects.filter(store=merge.store_id, merged_into=survivor)
    former.filter(pk__in=rows.values("row_pk")).update(merged_into=loser)


def publish_survivor(survivor: Edit, loser: Customer) -> None:
    if latest_consent(survivor.customer) is not None:
        record_choice(survivor.customer, survivor.actor)
    survivor.record_child_change("unmerged", None)
    survivor.save_and_publish(facts={"unmerged": str(loser.uid)})
