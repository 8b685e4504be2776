"""Validate request bodies of customers and translate them to neutral fields."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from customers.api.fields import DisplayName, Email, Flag, Name, PhoneNumber, PhoneText, Text, Uid
from customers.api.serializers import BodySerializer
from customers.fields import AddressFields
from customers.services.addresses.editing import MAX_ADDRESSES

REQUIRED_IN_NEW_ADDRESS = ("address1", "city", "postalCode", "country")


class AddressSerializer(BodySerializer):
    """A new address, or with `id` the changes of an existing one."""

    id = Uid(source="uid")
    firstName = Name(255, source="first_name")
    lastName = Name(255, source="last_name")
    company = Name(255)
    address1 = Text(500, source="line1", allow_null=False, allow_blank=False)
    address2 = Text(500, source="line2")
    city = Text(255, allow_null=False, allow_blank=False)
    region = Text(100, source="state")
    postalCode = Text(30, source="postcode", allow_null=False, allow_blank=False)
    country = Text(100, allow_null=False, allow_blank=False)
    phone = PhoneText()
    isDefault = Flag(source="is_default")

    def to_internal_value(self, data: Any) -> AddressFields:
        if isinstance(data, dict) and "id" not in data:
            missing = [name for name in REQUIRED_IN_NEW_ADDRESS if name not in data]
            if missing:
                text = str(serializers.Field.default_error_messages["required"])
                error = ErrorDetail(text, "required")
                raise serializers.ValidationError({name: [error] for name in missing})
        fields: AddressFields = super().to_internal_value(data)
        return fields


class CustomerSerializer(BodySerializer):
    followers = {"defaultAddressId": "addresses"}
    # contract: the last `isDefault: true` counts, so these are kept even if unchanged
    merged_lists = {"addresses": ("id", "isDefault")}

    email = Email(required=True)
    name = DisplayName()
    phone = PhoneNumber()
    marketingOptIn = Flag(source="marketing_opt_in")
    addresses = AddressSerializer(many=True, required=False, max_length=MAX_ADDRESSES)  # type: ignore[call-arg] # a keyword of the list serializer
    defaultAddressId = Uid(source="default_address", allow_null=True)
