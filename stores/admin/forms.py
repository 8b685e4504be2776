from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from stores.admin.error_messages import error_message
from stores.admin.generic import AnyInlineFormSet, AnyModelForm
from stores.errors import DomainError


class ServiceForm(AnyModelForm):
    """A form whose values go to a service, and that shows the refusal of the service.

    `refusal` is the answer of the service to these values, from the first run of the request. `names` maps
    neutral fields to form fields where their names differ.
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
        """Skip Django's check of constraints: services refuse those in better words."""
        instance: Any = self.instance
        instance.validate_constraints = lambda exclude=None: None
        try:
            super()._post_clean()  # type: ignore[misc]
        finally:
            del instance.validate_constraints


class StoreFormSet(AnyInlineFormSet):
    """Rows of a store. Submitted rows are looked up among the rows of the page, whose query names the store."""

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        key: Any = form.fields[self._pk_field.name]
        key.queryset = self.get_queryset()


class TableFormSet(StoreFormSet):
    """Rows of a table. Each control gets its label, which only the table's head shows otherwise."""

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = form[name].label
