"""Merge a customer, the loser, into another, the survivor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType

from django.utils import timezone

from customers.merging.models import Merge, MovedRow, Table
from customers.merging.services.children import move_children
from customers.merging.services.fields import FieldPlan, plan_fields, require_choices
from customers.merging.services.locking import lock_pair
from customers.merging.services.orders import (
    hold_events,
    move_orders,
    order_subjects,
    publish_orders,
)
from customers.merging.services.pairs import carry_decisions
from customers.merging.services.values import as_json, columns_of
from customers.models import Customer, LoginEmail
from customers.models.customer_queryset import CustomerQuerySet
from customers.models.ledger import Account
from customers.services import accounts
from customers.services.consent_history import latest_consent, record_choice
from customers.services.editing import Edit, delete_login_emails, unit_of_work
from customers.services.match_keys import add_former
from orders.services.house_account import HouseAccount
from orders.services.transfers import move_balance
from stores.actors import Actor
from stores.outbox import publish_many

REASON = "merge"
NO_CHOICES: Mapping[str, str] = MappingProxyType({})


def merge_customers(
    survivor: CustomerQuerySet,
    loser: CustomerQuerySet,
    actor: Actor,
    choices: Mapping[str, str] = NO_CHOICES,
) -> Merge:
    """Merge the customer that `loser` names into the one that `survivor` names. Both are live, in one store.

    `choices` says for fields whose value counts, `survivor` or `loser`. Fields about which the two disagree
    need one: see `plan_fields`.

    Raises NotFound; Invalid `merge_choice`; and Conflict `same_customer`, `other_store`, `already_merged`,
    `merge_deleted`, `merge_choices_needed`, `currency_conflict`, `merge_too_many`, `too_many_orders` or
    `changed_meanwhile`.
    """
    with unit_of_work():
        kept, gone = lock_pair(survivor, loser)
        plan = plan_fields(kept, gone, choices)
        require_choices(plan, choices)
        return perform(Edit(kept, actor), Edit(gone, actor), plan, choices)


def perform(survivor: Edit, loser: Edit, plan: FieldPlan, choices: Mapping[str, str]) -> Merge:
    kept, gone = survivor.customer, loser.customer
    merge = Merge.objects.create(
        store_id=kept.store_id,
        survivor=kept,
        loser=gone,
        actor_name=survivor.actor.name,
        choices=dict(choices),
        survivor_before=columns_of(kept),
        loser_before=columns_of(gone),
        wrote={name: as_json(value) for name, value in plan.values.items()},
        points=gone.loyalty_balance,
    )
    rows = move_children(survivor, loser, merge)
    moved = move_orders(kept, gone, merge)
    MovedRow.objects.bulk_create([*rows, *moved, *move_merged(kept, gone, merge)], batch_size=1000)
    # An account that only the loser had is the survivor's from now on, and takes the loser's debt.
    kept.is_account_enabled = plan.values["is_account_enabled"]
    account = HouseAccount(survivor)
    merge.transfers = [
        asdict(transfer) for transfer in move_balance(HouseAccount(loser), account, REASON)
    ]
    move_points(survivor, loser)
    payments = account.save_orders()
    move_login(kept, gone, plan, merge)
    merge.save(update_fields=["transfers", "login_email", "survivor_login_email"])
    MovedRow.objects.bulk_create(carry_decisions(merge, kept, gone))
    add_former(kept.store_id, kept.pk, gone.pk)
    subjects = order_subjects(gone, [row.row_pk for row in moved], payments)
    events = hold_events(survivor, loser)
    publish_loser(loser, kept)
    publish_survivor(survivor, gone, plan, merge)
    publish_orders(survivor, subjects)
    publish_many(events, survivor.actor)
    return merge


def move_merged(survivor: Customer, loser: Customer, merge: Merge) -> list[MovedRow]:
    """Let those who were merged into the loser point to the survivor: there are no chains."""
    rows = Customer.objects.filter(store=loser.store_id, merged_into=loser)
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(merged_into=survivor)
    return [
        MovedRow(store_id=merge.store_id, merge=merge, table=Table.MERGED, row_pk=pk) for pk in pks
    ]


def move_points(survivor: Edit, loser: Edit) -> None:
    if points := loser.customer.loyalty_balance:
        accounts.post(loser, Account.LOYALTY, -points, reason=REASON)
        accounts.post(survivor, Account.LOYALTY, points, reason=REASON)


def move_login(survivor: Customer, loser: Customer, plan: FieldPlan, merge: Merge) -> None:
    """End the loser's login to the portal. It becomes the survivor's if that takes the e-mail."""
    logins = LoginEmail.objects.filter(store=loser.store_id)
    merge.login_email, merge.survivor_login_email = (
        next(iter(logins.filter(customer=side).values_list("email_key", flat=True)), "")
        for side in (loser, survivor)
    )
    if merge.login_email and merge.login_email == plan.values["email_key"]:
        delete_login_emails(logins.filter(customer=survivor))
        logins.filter(customer=loser).update(customer=survivor)
    else:
        delete_login_emails(logins.filter(customer=loser))


def publish_loser(loser: Edit, survivor: Customer) -> None:
    customer = loser.customer
    customer.deleted_at, customer.merged_into = timezone.now(), survivor
    loser.save_and_publish("customer.deleted", {"merged_into": str(survivor.uid)})


def publish_survivor(survivor: Edit, loser: Customer, plan: FieldPlan, merge: Merge) -> None:
    """Save the survivor after the loser, which has freed its e-mail by then."""
    had_agreed = survivor.customer.marketing_opt_in
    for name, value in plan.values.items():
        setattr(survivor.customer, name, value)
    withdraw_consent(survivor, merge, had_agreed=had_agreed)
    survivor.record_child_change("merged_from", None)
    survivor.save_and_publish(facts={"merged_from": str(loser.uid)})


def withdraw_consent(survivor: Edit, merge: Merge, *, had_agreed: bool) -> None:
    """Add what counts now to the history of consent, where that says something else.

    Of a survivor who had agreed it is a no because of the loser. It goes to the loser when the merge is taken
    apart: what the survivor said counts again then, since it said so.
    """
    customer = survivor.customer
    former = latest_consent(customer)
    if former is None:
        return
    record_choice(customer, survivor.actor)
    latest = latest_consent(customer)
    if had_agreed and latest is not None and latest.pk != former.pk:
        MovedRow.objects.create(
            store_id=merge.store_id, merge=merge, table=Table.CONSENT, row_pk=latest.pk
        )


def preview_choices(
    survivor: Customer, loser: Customer, choices: Mapping[str, str]
) -> dict[str, str]:
    """Return the choices, completed with the survivor where nobody chose yet."""
    plan = plan_fields(survivor, loser, choices)
    return dict.fromkeys(plan.conflicts, "survivor") | dict(choices)
