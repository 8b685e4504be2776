"""Serializer fields: strict about what is sent, and neutral in what they return. None clears a value."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from rest_framework import serializers

from customers.api.times import BadTime, parse_day, parse_moment, parse_until
from customers.canonical import clean_name, is_visible, parse_email, phone_from_text, split_name
from stores.models.base import parse_uid

NO_UID = uuid.UUID(int=0)  # stands for a malformed id: no object has it


class Text(serializers.CharField):
    """Trimmed text. Unless required, blank or null clears it. A number is not text.

    A text that nobody can see is blank.
    """

    def __init__(self, max_length: int, **options: Any) -> None:
        required = options.setdefault("required", False)
        options.setdefault("allow_null", not required)
        options.setdefault("allow_blank", not required)
        super().__init__(max_length=max_length, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        is_plain = isinstance(data, str) and data.isascii() and data.isprintable()
        if isinstance(data, str) and not is_plain and not is_visible(data):
            data = ""
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Name(Text):
    """A name, without bidirectional controls."""

    def to_internal_value(self, data: Any) -> str:
        return clean_name(super().to_internal_value(data))


class TagName(Name):
    """A name of a tag. Services refuse one that nobody can see, with `blank_tag`."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return serializers.CharField.run_validation(self, data)


class DisplayName(Name):
    """A whole name; the first and the last name in it must fit their columns."""

    default_error_messages = {"part": "At most {most} characters before and after the first space."}
    max_part_length = 255

    def __init__(self, **options: Any) -> None:
        super().__init__(511, **options)

    def to_internal_value(self, data: Any) -> str:
        name = super().to_internal_value(data)
        if any(len(part) > self.max_part_length for part in split_name(name)):
            self.fail("part", most=self.max_part_length)
        return name


class ParsedText(Text):
    """A text that becomes a value with an attribute `text`; blank stays blank."""

    def run_validators(self, value: Any) -> None:
        super().run_validators(value.text)


class KeptAsText:
    """Mixin for a ParsedText: validates in the same way, but returns the text."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        value = super().run_validation(data)  # type: ignore[misc] # of the field that it is mixed into
        return value.text if value else value


class Email(ParsedText):
    """An e-mail address; returns a `customers.canonical.EmailAddress`."""

    default_error_messages = {"email": "Invalid email address"}

    def __init__(self, **options: Any) -> None:
        super().__init__(254, **options)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return parse_email(super().to_internal_value(data))
        except ValueError:
            self.fail("email")


class EmailText(KeptAsText, Email):
    pass


class PhoneNumber(ParsedText):
    """A phone number as people write it, or a JSON number; returns a `customers.canonical.Phone`."""

    default_error_messages = {"phone": "Not a phone number."}

    def __init__(self, **options: Any) -> None:
        super().__init__(60, **options)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, int) and not isinstance(data, bool):
            data = str(data)
        store = self.context["store"]
        try:
            return phone_from_text(super().to_internal_value(data), store.country if store else "")
        except ValueError:
            self.fail("phone")


class PhoneText(KeptAsText, PhoneNumber):
    pass


class Flag(serializers.Field[bool, Any, Any, Any]):
    """A JSON boolean. `also` maps other values that clients of this wire send to booleans."""

    default_error_messages = {"invalid": "Must be true or false."}

    def __init__(self, also: dict[Any, bool] | None = None, **options: Any) -> None:
        self.also = also or {}
        super().__init__(required=False, **options)

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(data, bool):
            return data
        if not isinstance(data, int | str) or data not in self.also:
            self.fail("invalid")
        return self.also[data]


class Integer(serializers.Field[int, Any, Any, Any]):
    """A whole number from `low` to `high`."""

    default_error_messages = {"invalid": "Must be a whole number from {low} to {high}."}

    def __init__(self, low: int, high: int = 10**9 - 1, **options: Any) -> None:
        self.low, self.high = low, high
        options.setdefault("required", False)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int) or not self.low <= data <= self.high:
            self.fail("invalid", low=self.low, high=self.high)
        return data


class Day(serializers.Field[date, Any, Any, Any]):
    """A date: `1986-09-17`."""

    default_error_messages = {"invalid": "Must be a date like 1986-09-17."}

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> date:
        try:
            return parse_day(data) if isinstance(data, str) else self.fail("invalid")
        except BadTime:
            self.fail("invalid")


class Moment(serializers.Field[datetime, Any, Any, Any]):
    """A date or date-time. With `until` it is an inclusive end; returns the first moment after it."""

    def __init__(self, *, until: bool = False, **options: Any) -> None:
        self.parse = parse_until if until else parse_moment
        options.setdefault("required", False)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> datetime:
        try:
            return self.parse(data if isinstance(data, str) else "")
        except BadTime as error:
            raise serializers.ValidationError(str(error), "invalid") from None


class Coordinate(serializers.Field[Decimal, Any, Any, Any]):
    """Degrees from `-most` to `most`, as a JSON number or decimal text; rounded to seven places."""

    default_error_messages = {"invalid": "Must be degrees from -{most} to {most}."}
    text = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,30})?\Z")

    def __init__(self, most: int, **options: Any) -> None:
        self.most = most
        options.setdefault("required", False)
        options.setdefault("allow_null", True)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Decimal:
        is_text = isinstance(data, str) and self.text.match(data)
        is_number = isinstance(data, int | Decimal) and not isinstance(data, bool)
        degrees = Decimal(data) if is_text or is_number else None
        if degrees is None or abs(degrees) > self.most:
            self.fail("invalid", most=self.most)
        return degrees.quantize(Decimal("0.0000001"), ROUND_HALF_UP)


class Uid(serializers.Field[uuid.UUID, Any, Any, Any]):
    """An id as the wire shows it. A malformed one becomes NO_UID, which no object has."""

    def __init__(self, prefix: str = "", **options: Any) -> None:
        self.prefix = prefix
        options.setdefault("required", False)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> uuid.UUID:
        return parse_uid(data, self.prefix) or NO_UID


class Choice(serializers.Field[Any, Any, Any, Any]):
    """A value of the wire; returns the neutral value that `choices` maps it to."""

    default_error_messages = {"invalid": "Must be one of {choices}."}

    def __init__(self, choices: dict[Any, Any], **options: Any) -> None:
        self.choices = choices
        options.setdefault("required", False)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, str | int) or data not in self.choices:
            self.fail("invalid", choices=", ".join(map(str, self.choices)))
        return self.choices[data]


class TextList(serializers.ListField):
    """A list of names that are not blank."""

    def __init__(self, max_length: int, most: int = 100, **options: Any) -> None:
        options.setdefault("required", False)
        child = TagName(max_length, required=True)
        super().__init__(child=child, max_length=most, **options)

    def to_internal_value(self, data: Any) -> list[str]:
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        return super().to_internal_value(data)
