"""A form that is sent twice, as by a double click, books once: each page that shows it has a token."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db import transaction

from stores.models import SentForm


class SentBefore(Exception):
    """The form was booked before; `path` leads to what was booked."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Token(forms.UUIDField):
    """Another one on every page, the same one when a page comes back with what was refused."""

    widget = forms.HiddenInput({"autocomplete": "off"})  # or a browser brings the old one back

    def __init__(self) -> None:
        super().__init__(
            initial=uuid.uuid4,
            error_messages={"required": "Look through it and send it once more."},
        )

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data or initial


@contextmanager
def once(token: uuid.UUID) -> Iterator[SentForm]:
    """One transaction around a booking, in which the caller sets the `path` to it.

    A twin waits here for the first to commit. Raises SentBefore.
    """
    with transaction.atomic():
        sent, is_first = SentForm.objects.get_or_create(token=token)
        if not is_first:
            raise SentBefore(sent.path)
        yield sent
        sent.save(update_fields=["path"])
