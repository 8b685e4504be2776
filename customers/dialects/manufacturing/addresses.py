"""Addresses of this dialect: without ids, the street last, state and country by code or name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from customers.api.fields import Flag, Name, Text
from customers.api.serializers import BodySerializer
from customers.places import PlaceErrors, resolve_strict

BLANKS: tuple[Any, ...] = (None, "", [], {})  # some clients write an empty object as []
REGION_FIELDS = ("state", "state_code", "country", "country_code")
PLACE_FIELDS = ("street_lines", "city", "postcode", *REGION_FIELDS)
MAX_ADDRESSES = 100
DUPLICATE_EXTERNAL_ID = "Another address has this external id"
PLACE_MESSAGES = {
    "state_required": "A state must be specified",
    "state_not_in_country": "There is no such state in the country",
    "state_code_mismatch": "This is the code of another state",
    "unknown_state_code": "There is no such state code",
    "country_code_mismatch": "This is the code of another country",
    "unknown_country_code": "There is no such country code",
}


class Street(serializers.Field[Any, Any, Any, Any]):
    """Lines in a list or in one text. Blank lines are dropped."""

    default_error_messages = {
        "invalid": "Must be a list of texts",
        "max_length": "The lines are longer than {most} characters",
    }
    most = 500
    json_schema = {"type": "array", "items": {"type": "string", "maxLength": 500}}

    def to_internal_value(self, data: Any) -> list[str]:
        items = [data] if isinstance(data, str) else data
        if not isinstance(items, list) or not all(i is None or isinstance(i, str) for i in items):
            self.fail("invalid")
        lines = [line.strip() for item in items for line in (item or "").splitlines()]
        lines = [line for line in lines if line]
        if len("".join(lines[-1:])) > self.most or len("\n".join(lines[:-1])) > self.most:
            self.fail("max_length", most=self.most)
        return lines


class AddressSerializer(BodySerializer):
    """An address that replaces the former one: it gives every neutral field."""

    street = Street(required=False, allow_null=True)
    suburb = Text(255)
    state = Text(100)
    state_code = Text(100)
    postcode = Text(30)
    country = Text(100)
    country_code = Text(100)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return self.neutral(super().to_internal_value(data))

    def neutral(self, sent: dict[str, Any]) -> dict[str, Any]:
        return {
            "street_lines": sent.get("street") or [],
            "city": sent.get("suburb") or "",
            "postcode": sent.get("postcode") or "",
            **self.resolve_place(sent),
        }

    def resolve_place(self, sent: dict[str, Any]) -> dict[str, str]:
        """Return state and country, each by name and code. Raises ValidationError with every disagreement.

        Accept a state and country that an address of the customer has already: another dialect may have
        left out the state, and clients must be able to correct the street.
        """
        store = self.context["store"]
        region = region_of(sent)
        try:
            place = resolve_strict(*region, store.country if store else "")
        except PlaceErrors as refusal:
            if region in self.context.get("shown_regions", frozenset)():
                return dict(zip(REGION_FIELDS, region, strict=True))
            raise ValidationError(to_error_details(refusal)) from None
        return {
            "state": place.state_name,
            "state_code": place.state_code,
            "country": place.country_name,
            "country_code": place.country_code,
        }


def region_of(address: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Return state and country of an address on the wire, each by name and code."""
    state, state_code, country, country_code = (address.get(name) or "" for name in REGION_FIELDS)
    return state, state_code, country, country_code


def to_error_details(refusal: PlaceErrors) -> dict[str, list[ErrorDetail]]:
    return {
        name: [ErrorDetail(PLACE_MESSAGES[code], code) for at, code in refusal.errors if at == name]
        for name, _ in refusal.errors
    }


class DeliverySerializer(AddressSerializer):
    external_id = Text(255)
    name = Name(255)
    default = Flag(allow_null=True)

    def neutral(self, sent: dict[str, Any]) -> dict[str, Any]:
        """Return the neutral fields. An absent external id is None; one sent as null or blank is ""."""
        reference = (sent["external_id"] or "") if "external_id" in sent else None
        return {
            **super().neutral(sent),
            "label": sent.get("name"),
            "external_id": reference,
            "is_default": bool(sent.get("default")),
        }


class DeliveryList(serializers.ListField):
    """The whole list of delivery addresses. It may not be empty, and gives exactly one default."""

    def __init__(self, **options: Any) -> None:
        child = DeliverySerializer()
        super().__init__(
            child=child, required=False, allow_empty=False, max_length=MAX_ADDRESSES, **options
        )

    def run_validation(self, data: Any = serializers.empty) -> list[dict[str, Any]]:
        if data is not serializers.empty and data in BLANKS:
            self.fail("empty")
        addresses: list[dict[str, Any]] = super().run_validation(data)
        return addresses

    def to_internal_value(self, data: Any) -> list[dict[str, Any]]:
        addresses = super().to_internal_value(data)
        self.reject_duplicates([address["external_id"] for address in addresses])
        return with_one_default(addresses)

    def reject_duplicates(self, references: list[str | None]) -> None:
        detail = {"external_id": [ErrorDetail(DUPLICATE_EXTERNAL_ID, "external_id_taken")]}
        doubles: dict[Any, Any] = {
            index: detail
            for index, sent in enumerate(references)
            if sent and sent in references[:index]
        }
        if doubles:
            raise ValidationError(doubles)


def with_one_default(addresses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Make the first flagged address the default, or the first of all."""
    flagged = [index for index, address in enumerate(addresses) if address["is_default"]]
    default = flagged[0] if flagged else 0
    return [{**address, "is_default": i == default} for i, address in enumerate(addresses)]
