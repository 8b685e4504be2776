"""Serializer fields for values as tills send them."""

from __future__ import annotations

import re
from typing import Any

from rest_framework import serializers

from customers.api.fields import Flag, Text
from customers.canonical import phone_from_parts

DIAL_CODE_TEXT = {"type": "string", "pattern": r"^\+?[1-9][0-9]{0,3}$"}
ZERO_AND_ONE = {0: False, 1: True, "0": False, "1": True}
DIAL_CODE = re.compile(r"\+?([1-9][0-9]{0,3})\Z")


def read_dial_code(text: str) -> int | None:
    """Return the number in `971` or `+971`, and None for any other text."""
    match = DIAL_CODE.match(text.strip())
    return int(match[1]) if match else None


class TillFlag(Flag):
    """A boolean; tills also send 0 and 1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(also=ZERO_AND_ONE, **options)


class DialCode(serializers.Field[Any, Any, Any, Any]):
    """A country calling code, as a number or as text with or without its plus."""

    default_error_messages = {"invalid": "Must be a dial code like 966."}
    json_schema = {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9999}

    def to_internal_value(self, data: Any) -> int:
        is_readable = isinstance(data, int | str) and not isinstance(data, bool)
        code = read_dial_code(str(data)) if is_readable else None
        if code is None:
            self.fail("invalid")
        return code


class NationalNumber(Text):
    """A phone number without its dial code, kept as it was sent. A JSON number is accepted, too."""

    default_error_messages = {"phone": "Must be a phone number of 5 to 15 digits."}
    json_schema = {"type": "string", "pattern": "^([ ().-]?[0-9]){5,15}$"}

    def __init__(self) -> None:
        super().__init__(60, required=True, source="phone_number")

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, int) and not isinstance(data, bool):
            data = str(data)
        try:
            text = phone_from_parts(None, super().to_internal_value(data)).number
        except ValueError:
            self.fail("phone")
        if not 5 <= sum(char.isdecimal() for char in text) <= 15:
            self.fail("phone")
        return text
