"""Check phones and e-mail addresses that staff type, as the APIs check those that clients send."""

from __future__ import annotations

from typing import Any

from customers.canonical import parse_email, phone_from_text
from stores.admin.error_messages import ERROR_MESSAGES
from stores.admin.forms import ServiceForm


def phone_text(text: str) -> str:
    return phone_from_text(text, "").text


def email_text(text: str) -> str:
    return parse_email(text).text


class TypedContactsForm(ServiceForm):
    """A form whose `phones` and `emails` are checked when they change; what is there already stays."""

    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.read_each(data, self.phones, phone_text, "phone")
        self.read_each(data, self.emails, email_text, "email")
        return data

    def read_each(self, data: dict[str, Any], names: tuple[str, ...], read: Any, code: str) -> None:
        for name in names:
            if name not in self.changed_data or not data.get(name):
                continue
            try:
                data[name] = read(data[name])
            except ValueError:
                self.add_error(name, ERROR_MESSAGES[code])
