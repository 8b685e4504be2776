"""Validate request bodies of this dialect and translate them to neutral fields."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, cast

from rest_framework import serializers

from customers.api.fields import (
    NO_UID,
    Choice,
    Coordinate,
    Day,
    DisplayName,
    Email,
    Name,
    Text,
    Uid,
)
from customers.api.money_fields import Money, Points
from customers.api.serializers import BodySerializer
from customers.dialects.pos.fields import DialCode, NationalNumber, TillFlag
from customers.fields import AddressFields, CustomerFields

MAX_TAGS = 100


class StubSerializer(BodySerializer):
    id = Uid(required=True)


class CustomerSerializer(BodySerializer):
    name = DisplayName(required=True)
    dial_code = DialCode()
    phone = NationalNumber()
    email = Email()
    gender = Choice({1: 1, 2: 2}, allow_null=True)
    birth_date = Day(allow_null=True)
    is_blacklisted = TillFlag()
    is_loyalty_enabled = TillFlag()
    is_house_account_enabled = TillFlag(source="is_account_enabled")
    house_account_limit = Money(low=0, allow_null=True, source="credit_limit")
    tags = serializers.ListField(child=StubSerializer(), required=False, max_length=MAX_TAGS)

    def to_internal_value(self, data: dict[str, Any]) -> CustomerFields:
        values: dict[str, Any] = super().to_internal_value(data)
        if "tags" in values:
            values["tag_uids"] = [tag.get("id", NO_UID) for tag in values.pop("tags")]
        return cast(CustomerFields, values)


class TagSerializer(BodySerializer):
    name = Name(100, required=True)


class DeliveryZoneSerializer(BodySerializer):
    name = Name(200, required=True)
    reference = Text(200)


class AddressSerializer(BodySerializer):
    """Changes of an address. The customer that it belongs to cannot change."""

    # the service clears the coordinates of an address that moves, unless they are sent, too
    followers = {"latitude": "description", "longitude": "description"}

    name = Name(255, required=True, source="label")
    description = Text(500, required=True, source="line1")
    latitude = Coordinate(90)
    longitude = Coordinate(180)
    delivery_zone_id = Uid(allow_null=True, source="delivery_zone_uid")


class NewAddressFields(AddressFields, total=False):
    customer_id: uuid.UUID


class NewAddressSerializer(AddressSerializer):
    customer_id = Uid(required=True)


class TransactionFields(TypedDict):
    customer_id: uuid.UUID
    amount: Decimal
    notes: NotRequired[str | None]
    order_id: NotRequired[uuid.UUID | None]


class TransactionSerializer(BodySerializer):
    customer_id = Uid(required=True)
    amount = Money(required=True)
    notes = Text(500)
    order_id = Uid(allow_null=True)


class PointsTransactionSerializer(TransactionSerializer):
    amount = Points(required=True)
