"""Numbers the credit notes and refunds that stand in the book, each store's by their time."""

from datetime import timedelta
from uuid import uuid5
from zoneinfo import ZoneInfo

from django.db import migrations, transaction
from django.db.models import F

BATCH_SIZE = 2000
SAME_TIME = timedelta(seconds=5)  # from the first row of one credit note to its last
COLUMNS = (
    "order_id", "order__uid", "uid", "kind", "amount", "reason", "actor_name", "entry_uid", "created_at",
)  # fmt: skip


def payments_of(apps, store):
    """Return what was credited and refunded. Of a cancelled order money goes back without a credit note."""
    rows = apps.get_model("orders", "Payment").objects.filter(
        store=store, kind__in=("credit", "refund"), order__store=store
    )
    counting = rows.exclude(kind="refund", order__cancelled_at__lte=F("created_at"))
    return counting.order_by("created_at", "id").values_list(*COLUMNS, named=True)


def entries_of(apps, store):
    """Return the postings of credit notes by their order, the oldest first."""
    entries = apps.get_model("customers", "LedgerEntry").objects.filter(
        store=store, account="house", reason="credit_note", order_uid__isnull=False
    )
    found = {}
    for entry in entries.order_by("-id").values("uid", "order_uid", "amount", "created_at").iterator():
        found.setdefault(entry["order_uid"], []).append(entry)
    return found


def entry_of(entries, payment):
    """Return the posting of a credit: just before it, of its amount or a part of it."""
    rest = entries.get(payment.order__uid)
    while rest and rest[-1]["created_at"] <= payment.created_at:
        entry = rest.pop()
        if payment.created_at - entry["created_at"] <= SAME_TIME and -entry["amount"] <= payment.amount:
            return entry["uid"]
    return None


def continues(note, payment):
    """Return whether a refund is the second half of the credit note before it of the same order."""
    _, credit = note
    return (
        payment.kind == "refund"
        and credit.kind == "credit"
        and note[0].refund_uid is None
        and (credit.actor_name, credit.reason) == (payment.actor_name, payment.reason)
        and payment.created_at - credit.created_at <= SAME_TIME
    )


def notes_of(apps, store):
    """Return the credit notes of a store by their time, without numbers."""
    CreditNote = apps.get_model("orders", "CreditNote")
    notes, latest = [], {}
    entries = entries_of(apps, store.pk)
    for payment in payments_of(apps, store.pk).iterator():
        before = latest.get(payment.order_id)
        if before and continues(before, payment):
            note = before[0]
        else:
            note = CreditNote(
                store_id=store.pk,
                uid=uuid5(payment.uid, "credit note"),  # the same again after a step back
                order_id=payment.order_id,
                created_at=payment.created_at,
            )
            latest[payment.order_id] = note, payment
            notes.append(note)
        if payment.kind == "refund":
            note.refund_uid, note.refund_entry_uid = payment.uid, payment.entry_uid
        else:
            note.credit_uid, note.credit_entry_uid = payment.uid, entry_of(entries, payment)
    return notes


def number(notes, zone):
    """Give the notes of a store their numbers. Return the last one of each year."""
    last = {}
    for note in notes:
        note.year = note.created_at.astimezone(zone).year
        note.sequence = last[note.year] = last.get(note.year, 0) + 1
        note.number = f"CN-{note.year}-{note.sequence:03}"
    return last


def add_lines(apps, store, notes):
    """Write the credited lines of orders with one credit note. Of several nobody knows which had them."""
    by_order = {}
    for note in notes:
        by_order.setdefault(note.order_id, []).append(note)
    lines = apps.get_model("orders", "OrderLine").objects.filter(
        store=store.pk, order__store=store.pk, credited_quantity__gt=0
    )
    CreditNoteLine = apps.get_model("orders", "CreditNoteLine")
    rows = [
        CreditNoteLine(
            store_id=store.pk, note=by_order[order][0], line_id=line, quantity=quantity
        )
        for line, order, quantity in lines.order_by("id").values_list(
            "pk", "order_id", "credited_quantity"
        )
        if len(by_order.get(order, ())) == 1
    ]
    CreditNoteLine.objects.bulk_create(rows, batch_size=BATCH_SIZE)


def forwards(apps, schema_editor):
    CreditNote = apps.get_model("orders", "CreditNote")
    CreditNoteSequence = apps.get_model("orders", "CreditNoteSequence")
    for store in apps.get_model("stores", "Store").objects.order_by("pk"):
        # Skip a store that is numbered: before a kill, or before a step back, which leaves its notes.
        if CreditNote.objects.filter(store=store.pk).exists():
            continue
        with transaction.atomic():
            notes = notes_of(apps, store)
            last = number(notes, ZoneInfo(store.timezone))
            CreditNote.objects.bulk_create(notes, batch_size=BATCH_SIZE)
            add_lines(apps, store, notes)
            CreditNoteSequence.objects.bulk_create(
                CreditNoteSequence(store_id=store.pk, year=year, last=sequence)
                for year, sequence in sorted(last.items())
            )


class Migration(migrations.Migration):
    atomic = False  # a transaction for each store: after a kill, the next run goes on with the next store
    dependencies = [("customers", "0035_days_of_money"), ("orders", "0022_credit_note_numbers")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
