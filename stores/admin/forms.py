from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms

from stores.admin.error_messages import error_message
from stores.admin.generic import AnyInlineFormSet, AnyModelForm
from stores.admin.number_fields import set_store
from stores.admin.query import whole_number
from stores.errors import DomainError
from stores.models import Store


class FinalForm(forms.Form):
    """A question whose answer cannot be taken back: its button warns."""

    is_final = True


class ServiceForm(AnyModelForm):
    """A form whose values go to a service, and that shows the refusal of the service.

    `refusal` is the answer of the service to these values, from the first run of the request. `names` maps
    neutral fields to form fields where their names differ.
    """

    refusal: DomainError | None = None
    names: Mapping[str, str] = {}
    only_store: Store | None = None  # of a person who works in one store

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_store(self.fields.values(), self.store_of_numbers())

    def store_of_numbers(self) -> Store | None:
        """Return the store whose currency and way of writing numbers the form has."""
        if self.instance.store_id:
            store: Store = self.instance.store
            return store
        pk = whole_number(str(self.data.get("store", "")))
        named = Store.objects.filter(pk=pk).first() if pk is not None else None
        return named or self.only_store

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
        set_store(form.fields.values(), self.store_of_numbers)
        key: Any = form.fields[self._pk_field.name]
        key.queryset = self.get_queryset()

    @cached_property
    def store_of_numbers(self) -> Store | None:
        """Return the store of the row that the rows belong to, once it has one."""
        return self.instance.store if getattr(self.instance, "store_id", None) else None


class TableFormSet(StoreFormSet):
    """Rows of a table. Each control gets its label, which only the table's head shows otherwise."""

    def add_fields(self, form: forms.ModelForm[Any], index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = form[name].label
