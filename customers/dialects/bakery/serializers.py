"""Validate request bodies of this dialect and translate them to neutral fields."""

from __future__ import annotations

from typing import Any, cast

from rest_framework import serializers

from customers.api.fields import Email, Flag, Name, PhoneNumber, PhoneText, Text, TextList
from customers.api.serializers import BodySerializer
from customers.fields import AddressFields, CustomerFields

SentAddress = AddressFields | str | None


class CustomerBody(CustomerFields, total=False):
    """The fields of a body, and its address as sent, which a geocoder has not seen yet."""

    address: SentAddress


class ContactSerializer(BodySerializer):
    email = Email()
    phone = PhoneNumber()
    mobile = PhoneText()


CLEARED_CONTACT = dict.fromkeys(ContactSerializer().fields)

MAX_STREET_LENGTH = 500


class AddressSerializer(BodySerializer):
    street = Text(MAX_STREET_LENGTH, source="line1")
    street2 = Text(MAX_STREET_LENGTH, source="line2")
    city = Text(255)
    state = Text(100)
    postcode = Text(30)
    country = Text(100)


NULLABLE_TEXT = {"type": "string", "nullable": True}
COMPONENTS = tuple(AddressSerializer().fields)


class AddressField(serializers.Field[Any, Any, Any, Any]):
    """An address: an object of its components, or one text.

    A text that the geocoder does not know becomes the street.
    """

    json_schema = {
        "anyOf": [
            {"type": "object", "properties": dict.fromkeys(COMPONENTS, NULLABLE_TEXT)},
            {"type": "string", "maxLength": MAX_STREET_LENGTH},
        ]
    }
    default_error_messages = {"invalid": "Must be an object or a text."}

    def to_internal_value(self, data: Any) -> SentAddress:
        if isinstance(data, str):
            return Text(MAX_STREET_LENGTH).run_validation(data) or None
        if not isinstance(data, dict):
            self.fail("invalid")
        reader = AddressSerializer(data=data, partial=True)
        reader.is_valid(raise_exception=True)
        fields: AddressFields = reader.validated_data
        return fields


class CustomerSerializer(BodySerializer):
    """Give a CustomerBody."""

    moved_to = ("address",)

    first_name = Name(255, required=True)
    last_name = Name(255)
    contact = ContactSerializer(required=False, allow_null=True)
    address = AddressField(required=False, allow_null=True)
    company = Name(255)
    tags = TextList(100, allow_null=True)
    external_id = Text(4000)
    is_blacklisted = Flag()

    def to_internal_value(self, data: dict[str, Any]) -> CustomerBody:
        contact = data.get("contact")
        # the contract reads `contact.address` as `address`
        if isinstance(contact, dict) and "address" in contact and "address" not in data:
            data = {**data, "address": contact["address"]}
        values: dict[str, Any] = super().to_internal_value(data)
        contact_values = values.pop("contact", {})
        values |= CLEARED_CONTACT if contact_values is None else contact_values
        if "tags" in values:  # null clears them
            values["tags"] = values["tags"] or []
        return cast(CustomerBody, values)


class GeocodeSerializer(BodySerializer):
    address = AddressField(required=False, allow_null=True)
