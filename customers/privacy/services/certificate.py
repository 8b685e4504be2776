"""The certificate of an erasure: what was erased, what stays and why, and which systems were told."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.core.signing import Signer
from django.utils import timezone

from customers.privacy.models import Erasure, ErasureReceipt
from customers.privacy.personal_data import COPIES, PERSONAL_TABLES

SALT = "clientele erasure certificate"
KEPT = (
    (
        "Orders, lines, payments and entries of the account",
        "Tax and accounting law; GDPR 17(3)(b).",
    ),
    ("Country and state of each order's address", "Tax depends on them; GDPR 17(3)(b)."),
    ("What was said about marketing, without its proof", "Defence of claims; GDPR 17(3)(e)."),
    ("Version numbers and types of changes", "They name nobody; systems need them in order."),
)
ELSEWHERE = (
    "Backups hold the data until they are overwritten. Erase again after restoring one.",
    "PostgreSQL frees the space of changed rows at its next VACUUM. SQLite's log was emptied.",
    "Other server processes may keep a geocoder's answer about the address for up to 30 days.",
    "Messages that were sent before cannot be called back; see the systems that were told.",
)


def certificate_of(erasure: Erasure, receipts: list[ErasureReceipt]) -> dict[str, Any]:
    """Return the facts, with their SHA-256 and a signature made with the server's SECRET_KEY."""
    titles = {table.label: table.title for table in PERSONAL_TABLES}
    titles |= {copy.label: copy.title for copy in COPIES}
    facts = {
        "certificate": str(erasure.uid),
        "store": str(erasure.store.uid),
        "customer": str(erasure.customer.uid),
        "erased_at": erasure.erased_at.isoformat(),
        "erased_by": erasure.actor_name,
        "issued_at": timezone.now().isoformat(timespec="seconds"),
        "erased": [
            {"what": titles.get(label, label), "rows": number}
            for label, number in sorted(erasure.counts.items())
        ],
        "kept": [{"what": what, "why": why} for what, why in KEPT],
        "elsewhere": list(ELSEWHERE),
        "systems": [system_of(receipt) for receipt in receipts],
    }
    digest = hashlib.sha256(orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return facts | {"sha256": digest, "signature": Signer(salt=SALT).signature(digest)}


def system_of(receipt: ErasureReceipt) -> dict[str, Any]:
    return {
        "kind": receipt.get_kind_display(),
        "name": receipt.name,
        "told_at": receipt.told_at and receipt.told_at.isoformat(),
        "confirmed_at": receipt.confirmed_at and receipt.confirmed_at.isoformat(),
        "confirmed_by": receipt.actor_name,
        "note": receipt.note,
        "overdue_days": receipt.overdue_days,
    }
