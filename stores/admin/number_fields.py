"""Form fields for numbers, typed as the country of the store writes them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from stores.admin.day_fields import has_day, set_country
from stores.admin.numbers import EXAMPLE, number_format
from stores.currencies import MAX_DIGITS, USUAL_DIGITS, digits_of
from stores.models import Store


class NumberField(forms.Field):
    """A number as the page writes it. Any other spelling is refused, never taken for another number.

    `digits` are its decimal places; None stands for those of the store's currency.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "vNumberField"})
    default_error_messages = {
        "invalid": "Write the number like %(example)s.",
        "least": "Enter %(least)s or more.",
        "most": "Enter %(most)s or less.",
    }

    def __init__(
        self,
        *,
        digits: int | None = None,
        min_value: Decimal | int | None = None,
        max_value: Decimal | int | None = None,
        **options: Any,
    ) -> None:
        self.least, self.most = min_value, max_value
        self.is_money = digits is None
        self.digits = USUAL_DIGITS if digits is None else digits
        self.format = number_format("")
        super().__init__(**options)

    def set_store(self, store: Store) -> None:
        """Write and read numbers as this store does."""
        self.format = number_format(store.country)
        if self.is_money:
            self.digits = digits_of(store.currency)

    def prepare_value(self, value: Any) -> Any:
        """Return the number as text; one with more places than the currency has is shown with all of them."""
        if not isinstance(value, Decimal):
            return value
        shown = self.digits if value == round(value, self.digits) else MAX_DIGITS
        return self.format.write(value, shown)

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return self.format.read(str(value), self.digits)
        except ValueError:
            example = self.format.write(EXAMPLE, self.digits)
            raise self.error("invalid", example=example) from None

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.least is not None and value < self.least:
            raise self.error("least", least=self.format.write(Decimal(self.least), self.digits))
        if self.most is not None and value > self.most:
            raise self.error("most", most=self.format.write(Decimal(self.most), self.digits))

    def error(self, code: str, **values: str) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code, values)


def set_store(fields: Iterable[forms.Field], store: Store | None) -> None:
    """Write and read the numbers of these fields as the store does, and read days in its order."""
    for field in fields:
        if store is not None and isinstance(field, NumberField):
            field.set_store(store)
        elif has_day(field):
            set_country(field, store.country if store else "")
