"""What only a whole row can tell: whose name it is, which lines make an address, which keys it has."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from customers.canonical import fold, split_name
from customers.imports.columns.targets import NOTE
from customers.imports.drafts.cells import Place, read_moment
from customers.imports.drafts.draft import CellError, Draft, Issue, Values
from customers.imports.drafts.merging import add_address
from customers.imports.drafts.numbers import postcode_with_zero
from customers.imports.drafts.parsing import email_from_text, phone_from_text

# Fields of a row that are no fields of a customer.
HELPING = (
    "file_as",
    "kind",
    "middle_name",
    "opening_balance",
    "opening_date",
    "opt_in_ip",
    "opt_in_time",
    "opt_out_time",
    "party",
    "tags",
    NOTE,
)
PHONES = ("phone", "mobile")


def finish(draft: Draft, parts: dict[str, Values], place: Place) -> None:
    own = parts.get("", {})
    draft.uid = own.pop("uid", "") or ""
    draft.parent = own.pop("parent", "") or ""
    draft.address_kind = fold(own.pop("address_kind", "") or "")
    draft.is_customer = own.pop("is_customer", True) is not False
    draft.tags = own.get("tags") or []
    finish_names(own)
    finish_consent(own, place)
    draft.kept = own.get(NOTE, [])
    finish_opening(draft, own)
    draft.values = {name: value for name, value in own.items() if is_kept(name, value, own)}
    finish_addresses(draft, parts, place)
    finish_contacts(draft, parts)
    finish_firm(draft)
    find_keys(draft, place)


def is_kept(name: str, value: Any, own: Values) -> bool:
    """Return False for helping fields, and for words that say nothing, such as `unknown` for a flag."""
    if name in HELPING:
        return False
    return value is not None or name not in ("gender", "birth_date", "marketing_opt_in")


def finish_names(own: Values) -> None:
    """Settle the name, its parts and the company from whichever columns there are."""
    party, first = own.get("party"), own.get("first_name")
    if party:
        own["last_name" if first else "company"] = party
    if own.get("middle_name"):
        own["first_name"] = " ".join(part for part in (first, own["middle_name"]) if part)
    if own.get("kind") and own.get("name"):
        own["company"] = own.pop("name")
    if own.get("first_name") or own.get("last_name"):
        own.pop("name", None)
    elif own.get("file_as") and not own.get("name") and not own.get("company"):
        own["name"] = own["file_as"]


def finish_consent(own: Values, place: Place) -> None:
    """Take a time of consent for consent, and keep it as its proof: in the notes where it proves nothing."""
    agreed, ended = own.get("opt_in_time"), own.get("opt_out_time")
    if agreed:
        own.setdefault("marketing_opt_in", True)
    if ended:
        own["marketing_opt_in"] = False
    if not (text := ended or agreed):
        return
    evidence = {"text": text} | ({"ip": own["opt_in_ip"]} if own.get("opt_in_ip") else {})
    moment = past_moment(text, place)
    if moment and own["marketing_opt_in"] is not bool(ended):
        own["marketing_proof"] = {"valid_from": moment, "evidence": evidence}
    else:
        said = "Marketing ended" if ended else "Marketing agreed"
        own.setdefault(NOTE, []).append(f"{said}: {' from '.join(evidence.values())}")


def past_moment(text: str, place: Place) -> str | None:
    """Return a time with its zone, or None for one that cannot be read, or is to come."""
    try:
        moment = read_moment(text, place)
    except CellError:
        return None
    return moment if moment and datetime.fromisoformat(moment) <= timezone.now() else None


def finish_opening(draft: Draft, own: Values) -> None:
    amount = own.get("opening_balance")
    if amount and Decimal(amount):
        draft.opening = {"amount": amount, "as_of": own.get("opening_date") or ""}


def finish_addresses(draft: Draft, parts: dict[str, Values], place: Place) -> None:
    addresses = {
        group: address
        for group, address in parts.items()
        if group in ("billing", "delivery") or group.startswith("address")
    }
    countries = (
        address.get("country_code") or address.get("country") for address in addresses.values()
    )
    usual = next(filter(None, countries), None) or place.country
    for address in addresses.values():
        finish_address(draft, address, usual)
    # Before the others, which add to them, wherever their columns stand.
    draft.billing, draft.delivery = addresses.pop("billing", {}), addresses.pop("delivery", {})
    for address in addresses.values():
        add_address(draft, address)


def finish_address(draft: Draft, address: Values, usual: str) -> None:
    """Settle an address. It is in the country of the row's others, or of the store, unless it says so."""
    further = [address.pop(name, None) for name in ("line2", "line3", "line4")]
    if any(further):
        address["line2"] = ", ".join(line for line in further if line)[:500]
    elif further[0] is None and "line1" in address and address["line1"] is None:
        address["line2"] = None
    if name := address.pop("name", None):
        address["first_name"], address["last_name"] = split_name(name)
    for name in ("state", "country"):
        code = address.pop(f"{name}_code", None)
        if code:
            address[name] = code
    finish_postcode(draft, address, usual)


def finish_postcode(draft: Draft, address: Values, usual: str) -> None:
    old = address.get("postcode")
    if not old:
        return
    address["postcode"] = postcode_with_zero(old, address.get("country") or usual)
    if address["postcode"] != old:
        draft.repairs.append(Issue.of("repaired_postcode", "", old, old=old))


def finish_contacts(draft: Draft, parts: dict[str, Values]) -> None:
    for group, contact in parts.items():
        if not group.startswith("contact"):
            continue
        names = [contact.pop("first_name", None), contact.pop("last_name", None)]
        joined = " ".join(name for name in names if name)
        contact["name"] = contact.get("name") or joined or contact.get("email")
        if contact["name"] and fold(contact["name"]) != draft.folded_name:
            draft.contacts.append({name: value for name, value in contact.items() if value})


def finish_firm(draft: Draft) -> None:
    """Take the name for a firm's where another person speaks for it, as Xero has it."""
    own = draft.values
    if draft.contacts and own.get("name") and not own.get("company"):
        own["company"] = own.pop("name")


def find_keys(draft: Draft, place: Place) -> None:
    """Find the keys that tell which rows are of one customer."""
    values = draft.values
    if draft.uid:
        draft.keys.append(f"u:{draft.uid}")
    if values.get("external_id"):
        draft.keys.append(f"x:{digest(values['external_id'])}")
    if values.get("email"):
        draft.email_key = email_from_text(values["email"]).key
        draft.keys.append(f"e:{digest(draft.email_key)}")
    texts = filter(None, map(values.get, PHONES))
    phones = [phone_from_text(text, place.country).e164 for text in texts]
    draft.phones = list(dict.fromkeys(filter(None, phones)))
    draft.keys += [f"p:{phone}|{digest(draft.folded_name)}" for phone in draft.phones]


def digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
