"""The stores of a person, as a field of their form."""

from __future__ import annotations

from typing import Any

from django import forms

from stores.admin.generic import AnyModelForm
from stores.models import Store


class StaffStoresForm(AnyModelForm):
    stores = forms.ModelMultipleChoiceField(
        Store.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="They see and change only these stores. Without any, a superuser sees all "
        "stores, and others see nothing.",
    )
    offered: Any = None  # the user's stores
    must_choose = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stores"].queryset = self.offered.all()
        self.fields["stores"].required = self.must_choose
        if self.instance.pk:
            self.initial["stores"] = list(self.instance.stores.values_list("pk", flat=True))
