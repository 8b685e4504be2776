"""Validate request bodies of this dialect and translate them to neutral fields.

Contract: messages come in the order of the field table, which is the order of the serializer's fields.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, cast

import orjson
from rest_framework import serializers

from customers.api.fields import (
    DisplayName,
    Email,
    EmailText,
    Flag,
    KeptAsText,
    PhoneNumber,
    Text,
    TextList,
)
from customers.api.money_fields import Money, Percent
from customers.api.serializers import BodySerializer
from customers.dialects.manufacturing.addresses import (
    BLANKS,
    PLACE_FIELDS,
    AddressSerializer,
    DeliveryList,
)
from customers.fields import AddressFields, CustomerFields

INTEGER_ID = {"type": "integer", "format": "int64"}
PHONE = re.compile(r"[0-9 +()-]+\Z")


class CopyEmail(EmailText):
    default_error_messages = {"email": "Not an email address"}


class PortalPhone(PhoneNumber):
    default_error_messages = {
        "phone": "Only digits, spaces, + ( ) - are possible, and at least 6 digits"
    }
    json_schema = {"type": "string", "pattern": "^[+]?([ ()-]{0,2}[0-9]){6,15}$"}

    def to_internal_value(self, data: Any) -> Any:
        phone = super().to_internal_value(data)
        if not PHONE.match(phone.text) or sum(map(str.isdigit, phone.text)) < 6:
            self.fail("phone")
        return phone


class PortalMobile(KeptAsText, PortalPhone):
    pass


class ClearableAmount:
    """Mixin for an amount that null clears, which means zero."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)  # type: ignore[call-arg] # of Money

    def run_validation(self, data: Any = serializers.empty) -> Decimal:
        amount: Decimal | None = super().run_validation(data)  # type: ignore[misc] # of Money
        return Decimal(0) if amount is None else amount


class Amount(ClearableAmount, Money):
    pass


class Adjustment(ClearableAmount, Percent):
    pass


class Reference(Text):
    """An id of another system: text, or an object that is kept as its JSON text."""

    json_schema = {"type": "string", "maxLength": 4000}

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, dict):
            data = orjson.dumps(data, default=exact_number).decode()
        return super().to_internal_value(data)


def exact_number(value: Decimal) -> orjson.Fragment:
    """Write a fraction with the digits that were sent."""
    return orjson.Fragment(str(value))


class Labels(TextList):
    """A list of names, or the names in one text with commas between them."""

    json_schema = {
        "type": "array",
        "maxItems": 100,
        "items": {"type": "string", "maxLength": 100},
    }

    def run_validation(self, data: Any = serializers.empty) -> list[str]:
        if isinstance(data, str):
            data = [name for name in data.split(",") if name.strip()]
        names: list[str] = super().run_validation([] if data is None else data)
        return names


class Manufacturer(serializers.Field[Any, Any, Any, Any]):
    """A missing or unknown manufacturer: refuses every value.

    It is a field only where an administrator's body does not name an existing manufacturer.
    """

    default_error_messages = {"unknown_id": "There is no such manufacturer"}
    json_schema = INTEGER_ID

    def to_internal_value(self, data: Any) -> Any:
        self.fail("unknown_id")


class DepotId(serializers.Field[Any, Any, Any, Any]):
    """The id of one of the manufacturer's depots. Contract: ignored while it has no depots."""

    default_error_messages = {"unknown_id": "There is no such depot"}
    json_schema = INTEGER_ID

    def to_internal_value(self, data: Any) -> int | None:
        depots = self.context["depots"]
        if not depots:
            return None
        if integer_id(data) not in depots:
            self.fail("unknown_id")
        return integer_id(data)


def integer_id(value: Any) -> int | None:
    """Return the id in a number or its digits, and None for any other value."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return integer_id(int(value)) if value[0] != "0" else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value < 10**9 else None


class SettingsSerializer(BodySerializer):
    is_beta = Flag()
    is_assembly_enabled = Flag()
    is_suspended = Flag()


class CustomerSerializer(BodySerializer):
    """Changes of a customer. Context: `store`, and `depots`, the ids of its depots."""

    # without a billing address, the default delivery address is shown as the contact address
    followers = {"contact_address": "delivery_address"}

    name = DisplayName(required=True)
    email = Email(required=True)
    phone = PortalPhone(required=True)
    mobile = PortalMobile()
    cc_email = CopyEmail()
    price_adjustment = Adjustment(low=-100, high=1000)
    minimum_charge_amount = Amount(low=0)
    minimum_freight_amount = Amount(low=0)
    contact_address = AddressSerializer(source="billing_address")
    delivery_address = DeliveryList(source="addresses_by_content")
    default_depot_id = DepotId(required=False, allow_null=True)
    external_id = Reference(4000)
    settings = SettingsSerializer(required=False, allow_null=True)
    customer_labels = Labels(100, source="tags", allow_null=True)

    def to_internal_value(self, data: dict[str, Any]) -> CustomerFields:
        if data.get("contact_address", ...) in BLANKS:
            data = {**data, "contact_address": None}
        values: dict[str, Any] = super().to_internal_value(data)
        settings = values.pop("settings", None) or {}
        if "is_suspended" in settings:
            settings["is_active"] = not settings.pop("is_suspended")
        return cast(CustomerFields, values | settings)


class NewCustomerSerializer(CustomerSerializer):
    """A new customer. Contract: a missing contact or delivery address is copied from the other one.

    Context: `store` is None if an administrator named no existing manufacturer.
    """

    # `to_internal_value` requires it only where no delivery address is sent
    optional = ("contact_address",)

    def get_fields(self) -> dict[str, Any]:
        manufacturer = {} if self.context["store"] else {"manufacturer_id": Manufacturer()}
        return {**manufacturer, **super().get_fields()}

    def to_internal_value(self, data: dict[str, Any]) -> CustomerFields:
        if data.get("delivery_address") not in BLANKS:
            contact = self.fields["contact_address"]
            contact.required, contact.allow_null = False, True
        fields = super().to_internal_value(data)
        billing = fields.get("billing_address")
        if billing is None:
            fields["billing_address"] = billing_from(fields["addresses_by_content"][0])
        elif "addresses_by_content" not in fields:
            fields["addresses_by_content"] = [delivery_from(billing)]
        return fields


def billing_from(delivery: AddressFields) -> AddressFields:
    """Return a billing address at the place of a delivery address."""
    values = {name: value for name, value in delivery.items() if name in PLACE_FIELDS}
    return cast(AddressFields, values)


def delivery_from(billing: AddressFields) -> AddressFields:
    """Return a default delivery address at the place of a billing address."""
    return {**billing, "label": None, "external_id": None, "is_default": True}
