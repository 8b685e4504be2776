"""Customers of other servers as drafts: neutral fields to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson

from customers.canonical import EmailAddress, Phone
from customers.fields import CustomerFields
from customers.imports.drafts import Draft, Issue
from customers.imports.drafts.draft import Values
from customers.imports.drafts.finishing import digest
from customers.imports.drafts.parsing import email_from_text
from customers.imports.reading import TableRow

PARTS = frozenset(
    {
        "addresses",
        "addresses_by_content",
        "billing_address",
        "contacts",
        "default_address",
        "delivery_address",
        "tag_uids",
        "tags",
    }
)


def record_of(foreign_id: str, fields: CustomerFields, opening: Values) -> bytes:
    """Return a line of the file of an import from a server. `opening`: the balance to begin with, if any."""
    values: Mapping[str, Any] = fields
    record = {
        "foreign_id": foreign_id,
        "values": {name: plain(value) for name, value in values.items() if name not in PARTS},
        "billing": plain(fields.get("billing_address") or {}),
        "addresses": plain(addresses_of(fields)),
        "contacts": plain(fields.get("contacts") or []),
        "tags": fields.get("tags") or [],
        "opening": opening,
    }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def refused_record(foreign_id: str, name: str, reason: str) -> bytes:
    """Return a line about a customer that the book does not take."""
    record = {
        "foreign_id": foreign_id,
        "values": {"name": storable(name)},
        "refused": storable(reason),
    }
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def storable(text: str) -> str:
    """Return the text without NUL and lone surrogates, which JSON can escape and no database stores."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


def addresses_of(fields: CustomerFields) -> list[Any]:
    for addresses in (fields.get("addresses"), fields.get("addresses_by_content")):
        if addresses:
            return [without_uid(address) for address in addresses]
    address = fields.get("delivery_address")
    return [address] if address else []


def without_uid(address: Mapping[str, Any]) -> Values:
    """Return an address of another server without what only that server knows."""
    return {
        name: value for name, value in address.items() if name not in ("uid", "delivery_zone_uid")
    }


def plain(value: Any) -> Any:
    if isinstance(value, EmailAddress | Phone):
        return value.text
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


def draft_of(row: TableRow) -> Draft:
    record = orjson.loads(row.cells[0])
    draft = Draft(row.line, values=record["values"], is_exact=True, foreign_id=record["foreign_id"])
    draft.keys = [f"f:{digest(draft.foreign_id)}"]
    if reason := record.get("refused"):
        draft.issues.append(Issue.of("not_taken", reason=reason))
        return draft
    draft.billing, draft.contacts, draft.tags = (record[n] for n in ("billing", "contacts", "tags"))
    draft.opening = record.get("opening", {})
    draft.delivery, draft.others = next(iter(record["addresses"]), {}), record["addresses"][1:]
    add_email_key(draft)
    return draft


def add_email_key(draft: Draft) -> None:
    if text := draft.values.get("email"):
        draft.email_key = email_from_text(text).key
