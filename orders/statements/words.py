"""What an entry of a house account is, in words for customers and staff."""

from __future__ import annotations

from customers.models import LedgerEntry
from customers.models.ledger import OPENING, PAY_OUT, WRITE_OFF

REASONS = {
    "order": "Order",
    "payment": "Payment",
    "refund": "Refund",
    "credit_note": "Credit note",
    "cancellation": "Cancelled order",
    "merge": "Moved by a merge",
    "unmerge": "Moved back from a merge",
    "bounced": "Bounced payment",
    "wrong_customer": "Payment of another customer",
    "chargeback": "Payment charged back",
    WRITE_OFF: "Write-off",
    PAY_OUT: "Credit paid out",
    OPENING: "Opening balance",
}


def kind_of_entry(entry: LedgerEntry) -> str:
    """Return what an entry is. Tills and the back office post every amount as an "adjustment"."""
    return REASONS.get(entry.reason, "Charge" if entry.amount > 0 else "Payment")
