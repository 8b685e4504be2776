"""The forms of an import: the file with its choices, and the fields of its columns."""

from __future__ import annotations

from typing import Any

from django import forms

from customers.imports.columns import target_names
from customers.imports.columns.targets import label_of
from customers.imports.models import ImportJob
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


class ColumnsForm(forms.Form):
    """A choice of a field for each column of the file, in their order."""

    def __init__(self, job: ImportJob, *args: Any) -> None:
        super().__init__(*args)
        offered = target_names()
        for number, (name, target) in enumerate(zip(job.header, job.targets, strict=True)):
            choices = offered if target in offered else {**offered, target: label_of(target)}
            self.fields[f"column_{number}"] = forms.ChoiceField(
                choices=list(choices.items()), initial=target, required=False, label=name
            )

    @property
    def targets(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]
