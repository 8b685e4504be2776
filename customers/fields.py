"""Fields that dialects, the back office and commands hand to services, with neutral names and typed values.

An absent key leaves a value unchanged, None clears it. Callers parse each value once. Names that do not exist
here are a fault of the caller and raise TypeError: otherwise they would change nothing, unnoticed. Texts of a
customer that nothing but the dialects names need not stand here, see `customers.services.assigning.COLUMNS`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Set
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from customers.canonical import EmailAddress, Phone, parse_email, phone_from_text
from stores.errors import Invalid

if TYPE_CHECKING:
    from customers.models import DeliveryZone


class AddressFields(TypedDict, total=False):
    """An address. A zone is given as such or, by `delivery_zone_uid`, as one that has to be looked up.

    `street_lines` stands for `line1` and `line2` where a wire does not tell them apart, the street last.
    State and country are names or codes, to be resolved; when one of the codes is given, all four are final.
    """

    uid: uuid.UUID
    label: str | None
    first_name: str | None
    last_name: str | None
    company: str | None
    phone: str | None
    line1: str | None
    line2: str | None
    street_lines: list[str]
    city: str | None
    state: str | None
    state_code: str | None
    postcode: str | None
    country: str | None
    country_code: str | None
    external_id: str | None
    delivery_zone: DeliveryZone | None
    delivery_zone_uid: uuid.UUID | None
    latitude: Decimal | None
    longitude: Decimal | None
    is_default: bool


class ContactFields(TypedDict, total=False):
    """A person who speaks for a customer."""

    uid: uuid.UUID
    name: str | None
    title: str | None
    email: str | None
    phone: str | None
    is_primary: bool | None


class ConsentProof(TypedDict, total=False):
    """When a customer said what `marketing_opt_in` says, and what proves it."""

    valid_from: datetime
    evidence: dict[str, Any]


class CustomerFields(TypedDict, total=False):
    """A customer with all that belongs to it.

    - `name` stands for `first_name` and `last_name`; `dial_code` and `phone_number` stand for `phone`.
    - `tags` are names, `tag_uids` are ids; both replace all tags.
    - `addresses` replaces the delivery addresses: an item with `uid` changes that address.
      `addresses_by_content` does the same for a wire whose addresses have no ids.
    - `default_address` is the uid of a delivery address. `delivery_address` is merged into the default one,
      `billing_address` into the billing address; None removes it.
    - `contacts` are added.
    - `marketing_proof` goes into the history of consent with a new value of `marketing_opt_in`.
    """

    name: str | None
    first_name: str | None
    last_name: str | None
    company: str | None
    email: EmailAddress | None
    phone: Phone | None
    dial_code: int | None
    phone_number: str | None
    mobile: str | None
    fax: str | None
    website: str | None
    cc_email: str | None
    gender: int | None
    birth_date: date | None
    tax_id: str | None
    notes: str | None
    external_id: str | None
    marketing_opt_in: bool | None
    marketing_proof: ConsentProof
    is_active: bool | None
    is_blacklisted: bool | None
    blacklist_reason: str | None
    hold_reason: str | None
    is_beta: bool | None
    is_assembly_enabled: bool | None
    payment_terms: str | None
    currency: str | None
    discount_rate: Decimal | None
    preferred_shipping: str | None
    price_adjustment: Decimal | None
    minimum_charge_amount: Decimal | None
    minimum_freight_amount: Decimal | None
    default_depot_id: int | None
    is_account_enabled: bool | None
    credit_limit: Decimal | None
    is_loyalty_enabled: bool | None
    customer_since: datetime | None
    tags: list[str]
    tag_uids: list[uuid.UUID]
    addresses: list[AddressFields]
    addresses_by_content: list[AddressFields]
    default_address: uuid.UUID | None
    delivery_address: AddressFields | None
    billing_address: AddressFields | None
    contacts: list[ContactFields]


class TagFields(TypedDict, total=False):
    name: str
    color: str


class ZoneFields(TypedDict, total=False):
    name: str
    reference: str | None


def require_known(fields: Mapping[str, Any], kind: type, columns: Set[str] = frozenset()) -> None:
    """Raise TypeError for names that neither this kind of fields nor `columns` has."""
    if unknown := fields.keys() - kind.__annotations__.keys() - columns:
        raise TypeError(f"{kind.__name__} has no {', '.join(sorted(unknown))}.")


def read_email(text: str | None) -> EmailAddress | None:
    """Parse a typed e-mail address; blank is None. Raises Invalid `email`."""
    try:
        return parse_email(text) if text else None
    except ValueError:
        raise Invalid("email", "email") from None


def read_phone(text: str | None, region: str) -> Phone | None:
    """Parse a typed phone number, dialled in `region`; blank is None. Raises Invalid `phone`."""
    try:
        return phone_from_text(text, region) if text else None
    except ValueError:
        raise Invalid("phone", "phone") from None
