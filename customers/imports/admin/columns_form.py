"""The form that chooses a field for each column of a file."""

from __future__ import annotations

from typing import Any

from django import forms

from customers.imports.columns import target_names
from customers.imports.columns.targets import label_of
from customers.imports.models import ImportJob


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
