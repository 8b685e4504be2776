"""Forms that take effect once, even when a double click or a reload sends them again: each has a token."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db import transaction

from stores.models import SentForm

SENT_BEFORE = "This form was already sent. It took effect once."


class DuplicateSubmission(Exception):
    """The form was submitted before; `path` is the page of the result."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class SubmissionTokenField(forms.UUIDField):
    """A token that is new on every page, and the same when a page comes back with errors."""

    widget = forms.HiddenInput({"autocomplete": "off"})  # or a browser restores an old token

    def __init__(self) -> None:
        super().__init__(
            initial=uuid.uuid4,
            error_messages={"required": "Check the form and send it again."},
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
    """Open the transaction of a submitted form. The caller sets `path` of the yielded row to the result's page.

    A second submission waits here until the first has committed. Raises DuplicateSubmission.
    """
    with transaction.atomic():
        sent, is_first = SentForm.objects.get_or_create(token=token)
        if not is_first:
            raise DuplicateSubmission(sent.path)
        yield sent
        sent.save(update_fields=["path"])
