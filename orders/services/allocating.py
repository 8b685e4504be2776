"""Allocate what a customer paid on the house account to what it owes there.

A credit pays the order that it names, then the charges that are due first. What is left pays the next charge.
So a customer never has open charges and open credits at once, and open charges less open credits are always the
balance. Everything here runs under the customer's lock.
"""

from __future__ import annotations

import uuid
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import Max, Q, Sum
from django.utils import timezone

from customers.models import Charge, Customer, LedgerEntry
from customers.models.ledger import REDUCTIONS
from customers.money import round_half_up
from customers.services.amounts import require_digits
from orders.models import Allocation, Credit
from orders.models.allocation import AllocationKind
from stores.database.batches import in_parts
from stores.database.bulk_updates import update_many
from stores.errors import Conflict, Invalid
from stores.models.base import TenantQuerySet

ZERO = Decimal(0)
BATCH_SIZE = 50
DUE_FIRST = ("due_on", "id")


class Allocator:
    """Charges, credits and allocations of one locked customer. Remembers the charges that it changed."""

    def __init__(self, customer: Customer, actor_name: str) -> None:
        self.customer, self.actor_name = customer, actor_name
        self.charges: dict[uuid.UUID, Charge] = {}
        # What payments paid of each charge, by its uid. Reductions are not in it.
        self.paid: dict[uuid.UUID, Decimal] = defaultdict(Decimal)
        self.new_credits: set[uuid.UUID] = set()

    @cached_property
    def today(self) -> date:
        return self.day_of(timezone.now())

    def day_of(self, moment: datetime) -> date:
        """Return the day in the store's time zone."""
        return timezone.localdate(moment, self.customer.store.tzinfo)

    # --- entries

    def add_charge(self, entry: LedgerEntry) -> None:
        """Add an entry to its charge, and let open credits pay it."""
        # An order has one charge, however often something is put on account for it.
        charge = self.find_charge(entry.charge_uid) if entry.is_of_order else None
        if charge is None:
            charge = self.create_charge(entry)
        else:
            charge.amount += entry.amount
            charge.open_amount += entry.amount
            self.save_charges([charge])
        if entry.is_of_order:
            self.charges[charge.uid] = charge
        if entry.balance_after < entry.amount:  # there was a credit balance
            self.allocate(self.open_credits(), [charge])

    def create_charge(self, entry: LedgerEntry) -> Charge:
        charge = Charge(
            store_id=self.customer.store_id,
            customer=self.customer,
            uid=entry.charge_uid,
            is_of_order=entry.is_of_order,
            posted_at=entry.created_at,
            due_on=entry.due_on or self.today,
            amount=entry.amount,
            open_amount=entry.amount,
        )
        charge.insert()
        return charge

    def add_credit(self, entry: LedgerEntry, spread: Mapping[uuid.UUID, Decimal]) -> Credit:
        """Add an entry's credit. Let it pay chosen charges, then the order that it names."""
        credit = Credit(
            store_id=self.customer.store_id,
            customer=self.customer,
            uid=entry.uid,
            order_uid=entry.order_uid,
            is_reduction=entry.is_of_order and entry.reason in REDUCTIONS,
            paid_on=entry.paid_on or self.today,
            amount=-entry.amount,
            open_amount=-entry.amount,
        )
        credit.insert()
        self.new_credits.add(credit.uid)
        self.spread(credit, spread)
        if entry.order_uid and (charge := self.find_charge(entry.order_uid)):
            self.allocate([credit], [charge])
        return credit

    # --- allocations

    def spread(self, credit: Credit, amounts: Mapping[uuid.UUID, Decimal]) -> None:
        """Let a credit pay chosen amounts of charges, by the uid of the order or of the entry.

        Raises Invalid `unknown_id` and `digits`, and Conflict `over_spread`.
        """
        rows = list[Allocation]()
        for uid, amount in amounts.items():
            charge = self.find_charge(uid)
            if charge is None or amount <= 0:
                raise Invalid("unknown_id", "spread")
            require_digits(self.customer.store.currency, amount, "spread")
            if amount > min(charge.open_amount, credit.open_amount):
                raise Conflict("over_spread", "spread", left=charge.open_amount, requested=amount)
            rows.append(self.pair(credit, charge, amount))
        self.save(rows)

    def allocate_oldest_first(self) -> None:
        """Allocate all open credits to the open charges, those due first at first."""
        self.allocate(self.open_credits(), self.open_charges())

    def allocate(self, credits: Iterable[Credit], charges: Iterable[Charge]) -> None:
        """Allocate open credits to open charges, both in their order."""
        waiting = deque(credit for credit in credits if credit.open_amount)
        rows = list[Allocation]()
        # Without a credit no charge is read: `open_charges` reads them as they are asked for.
        for charge in charges if waiting else ():
            while waiting and charge.open_amount:
                amount = min(waiting[0].open_amount, charge.open_amount)
                rows.append(self.pair(waiting[0], charge, amount))
                if not waiting[0].open_amount:
                    waiting.popleft()
            if not waiting:
                break
        self.save(rows)

    def pair(
        self, credit: Credit, charge: Charge, amount: Decimal, day: date | None = None
    ) -> Allocation:
        """Return an unsaved allocation; a negative amount takes one back. Update the open amounts.

        Without a `day`, a new credit pays on its own day or on that of the charge, whichever is later. An older
        credit pays today: it was open until now, or paid something else.
        """
        is_reduction = credit.is_reduction and credit.order_uid == charge.uid
        kind = AllocationKind.REDUCTION if is_reduction else AllocationKind.PAYMENT
        credit.open_amount -= amount
        charge.open_amount -= amount
        if not is_reduction:
            self.paid[charge.uid] += amount
        self.charges[charge.uid] = charge  # whose order `save_orders` saves
        return Allocation(
            store_id=self.customer.store_id,
            customer=self.customer,
            credit=credit,
            charge=charge,
            kind=kind,
            amount=amount,
            effective_on=day or self.day_of_payment(credit, charge),
            actor_name=self.actor_name,
        )

    def day_of_payment(self, credit: Credit, charge: Charge) -> date:
        if credit.uid not in self.new_credits:
            return self.today
        return max(credit.paid_on, self.day_of(charge.posted_at))

    def save(self, rows: list[Allocation]) -> None:
        """Save new allocations, and the open amounts of their credits and charges."""
        if not rows:
            return
        Allocation.objects.bulk_create(rows)  # first: `last_payments` reads them
        update_many([*{row.credit_id: row.credit for row in rows}.values()], ["open_amount"])
        self.save_charges([*{row.charge_id: row.charge for row in rows}.values()])

    def save_charges(self, charges: Sequence[Charge]) -> None:
        """Save the amounts of charges, and the days on which they were settled, with few statements."""
        settled = self.last_payments(charge.pk for charge in charges if not charge.open_amount)
        for charge in charges:
            charge.settled_on = settled.get(charge.pk)
        update_many(charges, ["amount", "open_amount", "settled_on"])

    def last_payments(self, charges: Iterable[int]) -> dict[int, date]:
        """Return the day of the last payment of each of these charges, by key."""
        rows = Allocation.objects.filter(store=self.customer.store_id).order_by()
        days: dict[int, date] = {}
        for part in in_parts(charges):
            days |= rows.filter(charge__in=part).values_list("charge").annotate(Max("effective_on"))
        return days

    def release(self, charge: Charge, most: Decimal) -> None:
        """Take back what credits that do not name the order paid of its charge, the newest first.

        At most `most` is taken back: the rest was refunded already. The credits are open then.
        """
        rows = list[Allocation]()
        for credit, paid in self.unnamed_credits(charge):
            amount = min(paid, most)
            if amount > 0:
                rows.append(self.pair(credit, charge, -amount, self.today))
                most -= amount
        self.save(rows)

    def release_all(self, credit: Credit, day: date) -> None:
        """Take back all that a credit paid, and the credit itself."""
        paid = self.allocations().filter(credit=credit).order_by().values_list("charge")
        sums = {pk: round_half_up(amount) for pk, amount in paid.annotate(amount=Sum("amount"))}
        charges = [charge for charge in self.charges_by_key(sums) if sums[charge.pk]]
        rows = [self.pair(credit, charge, -sums[charge.pk], day) for charge in charges]
        # As its entry and the counter-entry are together.
        credit.amount = credit.open_amount = ZERO
        credit.save(update_fields=["amount", "open_amount"])
        self.save(rows)

    # --- rows

    def unnamed_credits(self, charge: Charge) -> list[tuple[Credit, Decimal]]:
        """Return the credits that paid the charge without naming its order, each with what it paid."""
        unnamed = Q(credit__order_uid=None) | ~Q(credit__order_uid=charge.uid)
        payments = self.allocations_of(charge).filter(unnamed, kind=AllocationKind.PAYMENT)
        sums = payments.order_by().values("credit").annotate(paid=Sum("amount"))
        paid = {row["credit"]: round_half_up(row["paid"]) for row in sums}
        credits = self.credits().filter(pk__in=paid).order_by("-id")
        return [(credit, paid[credit.pk]) for credit in credits]

    def find_charge(self, uid: uuid.UUID) -> Charge | None:
        if uid in self.charges:
            return self.charges[uid]
        return self.all_charges().filter(uid=uid).first()

    def open_charges(self) -> Iterator[Charge]:
        """Yield the open charges, those due first at first, read in batches as the caller needs them."""
        remaining = rows = self.all_charges().filter(open_amount__gt=0).order_by(*DUE_FIRST)
        while batch := list(remaining[:BATCH_SIZE]):
            yield from batch
            remaining = rows.after_keys(batch[-1].due_on, batch[-1].pk, order=DUE_FIRST)

    def charges_by_key(self, keys: Iterable[int]) -> list[Charge]:
        charges = self.all_charges().filter(pk__in=list(keys)).order_by("id")
        return [self.charges.get(charge.uid, charge) for charge in charges]

    def open_credits(self) -> list[Credit]:
        return list(self.credits().filter(open_amount__gt=0).order_by("id"))

    def all_charges(self) -> TenantQuerySet[Charge]:
        return Charge.objects.filter(store=self.customer.store_id, customer=self.customer)

    def credits(self) -> TenantQuerySet[Credit]:
        return Credit.objects.filter(store=self.customer.store_id, customer=self.customer)

    def allocations(self) -> TenantQuerySet[Allocation]:
        return Allocation.objects.filter(store=self.customer.store_id, customer=self.customer)

    def allocations_of(self, charge: Charge) -> TenantQuerySet[Allocation]:
        return Allocation.objects.filter(store=self.customer.store_id, charge=charge)
