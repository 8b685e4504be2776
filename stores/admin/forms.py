from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from stores.admin.error_messages import error_message
from stores.admin.generic import AnyInlineFormSet, AnyModelForm
from stores.errors import DomainError


class ServiceForm(AnyModelForm):
    """A form whose values go to a service, and that shows what the service refused.

    `refusal` is what was said to the same values a moment ago; `names` leads from neutral fields to the
    form's where they differ.
    """

    refusal: DomainError | None = None
    names: Mapping[str, str] = {}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.refusal is not None:
            head = self.refusal.field.partition(".")[0]
            name = self.names.get(head, head)
            self.add_error(name if name in self.fields else None, error_message(self.refusal))
        return data

    def _post_clean(self) -> None:
        """Checks what Django checks but the constraints: services refuse those in better words."""
        instance: Any = self.instance
        instance.validate_constraints = lambda exclude=None: None
        try:
            super()._post_clean()  # type: ignore[misc]
        finally:
            del instance.validate_constraints


class TableFormSet(AnyInlineFormSet):
    """Rows of a table whose head names the controls for the eye only: each says its name itself, too."""

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = form[name].label
