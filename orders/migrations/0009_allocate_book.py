"""Allocates what was paid on house accounts to what is owed there: named orders first, then the oldest.

Orders are paid by that, too. What "on_account" paid is a charge from now on, and no payment. Batches of customers
are committed one by one, and an interrupted run goes on where it stopped.

Back to the former release, charges and orders get the amounts that the former rules say.
"""

from collections import defaultdict
from datetime import timezone
from decimal import Decimal
from functools import cached_property
from uuid import uuid5
from zoneinfo import ZoneInfo

from django.db import migrations, transaction
from django.db.models import Exists, F, OuterRef, Q

BATCH_SIZE = 500
ON_ACCOUNT = "on_account"
OF_ORDERS = ("order", "payment", "refund", "cancellation")  # of the former release
REDUCTIONS = ("refund", "cancellation")
UNPAID = ("pending", "partially_paid")
ZERO = Decimal(0)


def is_of_order(entry):
    return entry.order_uid is not None and entry.reason in OF_ORDERS


class Book:
    """The models of this migration, and the zones of the stores."""

    def __init__(self, apps):
        names = {
            "customers": ("Customer", "LedgerEntry", "Charge"),
            "orders": ("Order", "Payment", "Credit", "Allocation"),
            "stores": ("Store",),
        }
        for app, models in names.items():
            for model in models:
                setattr(self, model, apps.get_model(app, model))
        self.zones = {
            pk: ZoneInfo(name) for pk, name in self.Store.objects.values_list("pk", "timezone")
        }

    def day_of(self, store_id, moment):
        return moment.astimezone(self.zones[store_id]).date()

    def batches(self, customers):
        """Yield lists of customers with their rows, each list in a transaction of its own."""
        rows = customers.only("pk", "store_id", "account_balance").order_by("pk")
        last = 0
        while batch := list(rows.filter(pk__gt=last)[:BATCH_SIZE]):
            with transaction.atomic():
                yield self.accounts(batch)
            last = batch[-1].pk

    def accounts(self, customers):
        keys = {"customer__in": [customer.pk for customer in customers]}
        accounts = {customer.pk: Account(self, customer) for customer in customers}
        for name, rows in (
            ("entries", self.LedgerEntry.objects.filter(account="house", **keys)),
            ("charges", self.Charge.objects.filter(**keys)),
            ("orders", self.Order.objects.filter(**keys)),
        ):
            for row in rows.order_by("pk"):
                getattr(accounts[row.customer_id], name).append(row)
        owners = {order.pk: a for a in accounts.values() for order in a.orders if a.has(order)}
        for start in range(0, len(owners), BATCH_SIZE):
            some = [*owners][start : start + BATCH_SIZE]
            for payment in self.Payment.objects.filter(order__in=some).order_by("pk"):
                owners[payment.order_id].payments[payment.order_id].append(payment)
        return list(accounts.values())


class Account:
    """A customer with its entries, charges, orders and payments, in order of creation."""

    def __init__(self, book, customer):
        self.book, self.customer = book, customer
        self.entries, self.charges, self.orders = [], [], []
        self.payments = defaultdict(list)

    @cached_property
    def entries_of_orders(self):
        """The entries that operations of orders posted, by the uid of the order."""
        entries = defaultdict(list)
        for entry in self.entries:
            if is_of_order(entry):
                entries[entry.order_uid].append(entry)
        return entries

    def has(self, order):
        """Return whether an operation of the order ever posted to the account."""
        return order.uid in self.entries_of_orders

    def save(self, row, *names):
        rows = type(row).objects.filter(store=self.customer.store_id, pk=row.pk)
        rows.update(**{name: getattr(row, name) for name in names})

    # --- forwards

    def allocate(self):
        self.by_uid = {charge.uid: charge for charge in self.charges}
        self.allocations, self.paid = [], defaultdict(list)
        credits = [self.credit(entry) for entry in self.entries if entry.amount < 0]
        self.set_whole_charges()
        for credit in credits:
            if credit.of_order or credit.is_reduction:
                self.pay(credit, self.by_uid.get(credit.order_uid))
        for credit in credits:  # a till that names an order
            self.pay(credit, self.by_uid.get(credit.order_uid))
        self.pay_oldest(credits)
        self.book.Credit.objects.bulk_create(credits)
        self.book.Allocation.objects.bulk_create(self.allocations)
        for charge in self.charges:
            self.save(
                charge, "is_of_order", "posted_at", "due_on", "amount", "open_amount", "settled_on"
            )
        for order in self.orders:
            if order.uid in self.by_uid:
                self.update_order(order, self.by_uid[order.uid])

    def credit(self, entry):
        credit = self.book.Credit(
            store_id=entry.store_id,
            customer=self.customer,
            uid=entry.uid,
            order_uid=entry.order_uid,
            is_reduction=is_of_order(entry) and entry.reason in REDUCTIONS,
            paid_on=self.book.day_of(entry.store_id, entry.created_at),
            amount=-entry.amount,
            open_amount=-entry.amount,
        )
        credit.of_order, credit.entry = is_of_order(entry), entry
        return credit

    def set_whole_charges(self):
        for charge in self.charges:
            charge.amount, charge.posted_at, charge.settled_on = ZERO, None, None
        for entry in self.entries:
            if entry.amount > 0:
                charge = self.by_uid[entry.order_uid if is_of_order(entry) else entry.uid]
                charge.amount += entry.amount
                charge.is_of_order = is_of_order(entry)
                charge.posted_at = charge.posted_at or entry.created_at
        for charge in self.charges:
            charge.open_amount = charge.amount

    def pay(self, credit, charge):
        if charge is None or not (amount := min(credit.open_amount, charge.open_amount)):
            return
        is_reduction = credit.is_reduction and credit.order_uid == charge.uid
        credit.open_amount -= amount
        charge.open_amount -= amount
        day = max(credit.paid_on, self.book.day_of(charge.store_id, charge.posted_at))
        charge.settled_on = max(charge.settled_on or day, day)
        if not (credit.of_order and credit.order_uid == charge.uid):
            self.paid[charge.uid].append((amount, credit.entry.created_at))
        allocation = self.book.Allocation(
            store_id=charge.store_id,
            customer=self.customer,
            credit=credit,
            charge=charge,
            uid=uuid5(credit.uid, str(charge.uid)),  # the same when it is undone and done again
            kind="reduction" if is_reduction else "payment",
            amount=amount,
            effective_on=day,
            actor_name=credit.entry.actor_name,
            created_at=max(credit.entry.created_at, charge.posted_at),
        )
        self.allocations.append(allocation)

    def pay_oldest(self, credits):
        free = [credit for credit in credits if credit.open_amount]
        for charge in sorted(self.charges, key=lambda charge: (charge.due_on, charge.pk)):
            for credit in free if charge.open_amount else ():
                self.pay(credit, charge)
            free = [credit for credit in free if credit.open_amount]
        for charge in self.charges:
            if charge.open_amount:
                charge.settled_on = None

    def update_order(self, order, charge):
        """Set the amounts of an order from its payments and from what pays its charge."""
        put_on, taken_off = self.rename_payments(order)
        settled = self.paid[order.uid]
        order.paid_amount += sum((amount for amount, _ in settled), ZERO) - put_on
        order.refunded_amount -= taken_off
        order.credited_amount = taken_off
        order.charged_amount = charge.open_amount
        is_open = order.total > order.paid_amount + order.credited_amount
        if is_open:
            order.paid_at = None
        elif settled:
            order.paid_at = max(charge.posted_at, *(moment for _, moment in settled))
        order.payment_status = payment_status(order)
        self.save(
            order, "paid_amount", "refunded_amount", "credited_amount", "charged_amount",
            "payment_status", "paid_at",
        )  # fmt: skip

    def rename_payments(self, order):
        """Make charges and credits of payments by `on_account`. Return what the two come to.

        Name in each other payment its entry in the ledger, if it has one: both are in the same order.
        """
        sums = {"charge": ZERO, "credit": ZERO}
        of_order = self.entries_of_orders[order.uid]
        entries = iter([entry for entry in of_order if entry.reason == "payment"])
        for payment in self.payments[order.pk]:
            if payment.method == ON_ACCOUNT:
                payment.kind = {"payment": "charge", "refund": "credit"}.get(
                    payment.kind, payment.kind
                )
                sums[payment.kind] += payment.amount
                self.save(payment, "kind")
            elif payment.kind == "payment" and (entry := next(entries, None)):
                payment.entry_uid = entry.uid
                self.save(payment, "entry_uid")
        return sums["charge"], sums["credit"]

    # --- backwards

    def restore(self):
        """Set charges and orders as the former release does."""
        book, keys = self.book, {"store": self.customer.store_id, "customer": self.customer}
        book.Allocation.objects.filter(**keys).delete()
        book.Credit.objects.filter(**keys).delete()
        self.restore_charges()
        on_account = defaultdict(Decimal)
        for entry in self.entries:
            if is_of_order(entry):
                on_account[entry.order_uid] += entry.amount
        for order in self.orders:
            if self.has(order):
                self.restore_order(order, on_account[order.uid])

    def restore_charges(self):
        by_uid = {charge.uid: charge for charge in self.charges}
        for charge in self.charges:
            charge.amount = charge.open_amount = ZERO
        for entry in self.entries:
            if entry.amount > 0 or is_of_order(entry):
                uid = entry.order_uid if is_of_order(entry) else entry.uid
                if uid not in by_uid:  # a payment that was taken back
                    by_uid[uid] = self.new_charge(entry)
                by_uid[uid].amount += entry.amount
        owed = max(self.customer.account_balance, ZERO)
        for charge in sorted(self.charges, key=lambda row: (row.due_on, row.pk), reverse=True):
            charge.open_amount = min(max(charge.amount, ZERO), owed)
            owed -= charge.open_amount
        for charge in self.charges:
            charge.posted_at = charge.settled_on = None
            charge.is_of_order = False
            self.save(charge, "amount", "open_amount", "posted_at", "settled_on", "is_of_order")

    def new_charge(self, entry):
        due_on = entry.due_on or entry.created_at.astimezone(timezone.utc).date()
        charge = self.book.Charge.objects.create(
            store_id=entry.store_id,
            customer=self.customer,
            uid=entry.uid,
            due_on=due_on,
            amount=ZERO,
        )
        self.charges.append(charge)
        return charge

    def restore_order(self, order, on_account):
        payments = self.payments[order.pk]
        money, put_on = sum_of(payments, "payment"), sum_of(payments, "charge")
        taken_off = sum((p.amount for p in payments if is_taken_off(p)), ZERO)
        paid_there = max(min(put_on - taken_off, on_account), ZERO)
        order.account_paid_amount = paid_there
        order.charged_amount = on_account - paid_there
        money += taken_off + paid_there - sum_of(payments, "void")
        order.paid_amount = min(order.total, money)
        order.refunded_amount += taken_off
        order.credited_amount -= taken_off
        if order.total > order.paid_amount:
            order.paid_at = None
        elif order.total:
            order.paid_at = max(p.created_at for p in payments if p.kind in ("payment", "charge"))
        order.payment_status = former_payment_status(order)
        self.save(
            order, "paid_amount", "refunded_amount", "credited_amount", "charged_amount",
            "account_paid_amount", "payment_status", "paid_at",
        )  # fmt: skip
        for payment in payments:
            payment.kind = "refund" if is_taken_off(payment) else payment.kind
            payment.kind = "payment" if payment.kind == "charge" else payment.kind
            payment.entry_uid = None
            self.save(payment, "kind", "entry_uid")


def sum_of(payments, kind):
    return sum((payment.amount for payment in payments if payment.kind == kind), ZERO)


def is_taken_off(payment):
    return payment.kind == "credit" and payment.method == ON_ACCOUNT


def payment_status(order):
    returned = order.refunded_amount + order.credited_amount
    unreturned = order.paid_amount - order.refunded_amount
    open_amount = order.total - order.credited_amount - order.paid_amount
    if order.status == "cancelled":
        if returned:
            return "partially_refunded" if unreturned else "refunded"
        if not order.paid_amount:
            return "cancelled"
        return "partially_paid" if open_amount else "succeeded"
    if open_amount:
        return "partially_paid" if unreturned else "pending"
    if not returned:
        return "succeeded"
    return "partially_refunded" if order.total - returned else "refunded"


def former_payment_status(order):
    if order.refunded_amount:
        is_whole = order.refunded_amount == order.paid_amount
        return "refunded" if is_whole else "partially_refunded"
    if order.status == "cancelled" and not order.paid_amount:
        return "cancelled"
    if order.paid_amount >= order.total:
        return "succeeded"
    return "partially_paid" if order.paid_amount else "pending"


def with_account(book):
    entries = book.LedgerEntry.objects.filter(
        store=OuterRef("store"), customer=OuterRef("pk"), account="house"
    )
    return book.Customer.objects.filter(Exists(entries))


def forwards(apps, schema_editor):
    book = Book(apps)
    keys = {"store": OuterRef("store"), "customer": OuterRef("pk")}
    done = Exists(book.Credit.objects.filter(**keys)) | Exists(
        book.Charge.objects.filter(**keys, posted_at__isnull=False)
    )
    for accounts in book.batches(with_account(book).filter(~done)):
        for account in accounts:
            account.allocate()
    # What is still owed keeps an order among the unpaid ones.
    unpaid = unpaid_after_refund(book).filter(
        payment_status__in=("refunded", "partially_refunded")
    )
    unpaid.filter(refunded_amount=F("paid_amount")).update(payment_status="pending")
    unpaid.update(payment_status="partially_paid")


def backwards(apps, schema_editor):
    book = Book(apps)
    unpaid = unpaid_after_refund(book).filter(payment_status__in=UNPAID)
    unpaid.filter(refunded_amount=F("paid_amount")).update(payment_status="refunded")
    unpaid.update(payment_status="partially_refunded")
    for accounts in book.batches(with_account(book)):
        for account in accounts:
            account.restore()


def unpaid_after_refund(book):
    is_unpaid = Q(paid_amount__lt=F("total") - F("credited_amount"))
    return book.Order.objects.filter(is_unpaid, refunded_amount__gt=0).exclude(status="cancelled")


class Migration(migrations.Migration):
    atomic = False  # each batch is committed, so that an interrupted run need not do it again

    dependencies = [
        ("orders", "0008_allocations"),
        ("customers", "0017_entry_days"),
    ]
    operations = [migrations.RunPython(forwards, backwards)]
