"""A form that is submitted twice, as by a double click, takes effect once: each page of it has a token."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db import transaction

from stores.models import SentForm


class DuplicateSubmission(Exception):
    """This form was submitted before; `path` is the page of what that did."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class SubmissionTokenField(forms.UUIDField):
    """A token that is new on every page, and stays the same when the page comes back with errors."""

    widget = forms.HiddenInput({"autocomplete": "off"})  # or a browser brings the old one back

    def __init__(self) -> None:
        super().__init__(
            initial=uuid.uuid4,
            error_messages={"required": "Look through it and send it once more."},
        )

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data or initial


class SubmissionTokenForm:
    """Mixed into a model's form: the page of a new row carries a token."""

    instance: Any
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.fields["once"] = SubmissionTokenField()


@contextmanager
def submit_once(token: uuid.UUID) -> Iterator[SentForm]:
    """The transaction of what a form does; its caller sets `path` to the page of that.

    A second submission waits here until the first has committed. Raises DuplicateSubmission.
    """
    with transaction.atomic():
        sent, is_first = SentForm.objects.get_or_create(token=token)
        if not is_first:
            raise DuplicateSubmission(sent.path)
        yield sent
        sent.save(update_fields=["path"])
