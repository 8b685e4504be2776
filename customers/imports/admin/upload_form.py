"""The form that uploads a file, with the choices of its import."""

from __future__ import annotations

from typing import Any

from django import forms

from customers.imports.services.matching import DEFAULT_KINDS
from stores.admin.submissions import SubmissionTokenField
from stores.models import Store

KINDS = (
    ("external_id", "External id"),
    ("email", "E-mail"),
    ("phone", "Phone with a similar name"),
    ("score", "All that a row says, as duplicates are found"),
)
BLANKS = (
    ("keep", "Change nothing"),
    ("clear", "Clear the field of the customer"),
)


class UploadForm(forms.Form):
    store = forms.ModelChoiceField(Store.objects.none(), help_text="Whose customers they are.")
    file = forms.FileField(
        help_text="CSV, Excel, OpenDocument, vCard or JSON lines, up to 100 MB. Nothing is written yet."
    )
    match = forms.MultipleChoiceField(
        choices=KINDS,
        initial=DEFAULT_KINDS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="A customer is found by",
        help_text="Our own id in a column always finds its customer.",
    )
    blank = forms.ChoiceField(
        choices=BLANKS, initial="keep", widget=forms.RadioSelect, label="Blank cells"
    )
    once = SubmissionTokenField()

    def __init__(self, stores: Any, *args: Any) -> None:
        super().__init__(*args)
        self.fields["store"].queryset = stores
        if stores.count() == 1:
            self.fields["store"].initial = stores.first()
