"""Compare credit notes with the payments that they name, and with what is credited of lines."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator

from customers.money import round_half_up
from orders.models.payment import PaymentKind
from orders.verification.account_rows import AccountRows
from orders.verification.moved_rows import Values

KINDS = {"credit_uid": PaymentKind.CREDIT, "refund_uid": PaymentKind.REFUND}
ENTRIES = {"credit_entry_uid": "credit_note", "refund_entry_uid": "refund"}


def faults_of_credit_notes(account: AccountRows) -> Iterator[str]:
    """Yield what is wrong with the credit notes of the customer's orders."""
    payments = {row["uid"]: row for row in account.payments}
    orders = {row["pk"]: row for row in account.orders}
    entries = {row["uid"]: row for row in (*account.entries, *account.moved_entries)}
    for note in account.credit_notes:
        uids = [*wrong_payments(note, payments), *wrong_entries(note, entries, orders)]
        for column in uids:
            yield f"credit note {note['number']}: {column} names nothing of its order"
    yield from unnumbered(account, orders)
    yield from faults_of_lines(account)


def wrong_payments(note: Values, payments: dict[uuid.UUID, Values]) -> Iterator[str]:
    for column, kind in KINDS.items():
        if note[column] and not is_of(note, payments.get(note[column]), kind):
            yield column


def wrong_entries(
    note: Values, entries: dict[uuid.UUID, Values], orders: dict[int, Values]
) -> Iterator[str]:
    for column, reason in ENTRIES.items():
        if note[column] and not posts(entries.get(note[column]), orders, note, reason):
            yield column


def is_of(note: Values, payment: Values | None, kind: str) -> bool:
    if payment is None or payment["kind"] != kind or payment["order_id"] != note["order_id"]:
        return False
    return kind == PaymentKind.CREDIT or payment["entry_uid"] == note["refund_entry_uid"]


def posts(entry: Values | None, orders: dict[int, Values], note: Values, reason: str) -> bool:
    if entry is None or entry["reason"] != reason:
        return False
    return bool(entry["order_uid"] == orders[note["order_id"]]["uid"])


def unnumbered(account: AccountRows, orders: dict[int, Values]) -> Iterator[str]:
    """Yield the credits and refunds without a credit note. Money of a cancelled order needs none."""
    numbered: set[uuid.UUID] = {note[column] for note in account.credit_notes for column in KINDS}
    for payment in account.payments:
        if payment["kind"] not in KINDS.values() or payment["uid"] in numbered:
            continue
        cancelled_at = orders[payment["order_id"]]["cancelled_at"]
        is_after = cancelled_at is not None and cancelled_at <= payment["created_at"]
        if payment["kind"] == PaymentKind.CREDIT or not is_after:
            yield f"the payment {payment['uid']} has no credit note"


def faults_of_lines(account: AccountRows) -> Iterator[str]:
    """Yield lines whose credit notes have not what was credited of them.

    Of two notes of a former release nobody knows which of them had the line.
    """
    former = Counter(note["order_id"] for note in account.credit_notes if is_former(note))
    for line in account.credited_lines:
        noted, credited = round_half_up(line["noted"]), line["credited_quantity"]
        if noted > credited or (noted < credited and former[line["order_id"]] < 2):
            yield f"the line {line['uid']}: {credited} is credited of it, credit notes say {noted}"


def is_former(note: Values) -> bool:
    """Return whether migration 0023 made the note, which derived its uid from that of a payment."""
    uid: uuid.UUID = note["uid"]
    return uid.version == 5
