"""The form with the days of a statement."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest

from orders.statements.periods import Period, usual_periods

EARLIEST, LATEST = date(1900, 1, 1), date(9000, 1, 1)


class PeriodForm(forms.Form):
    """The days of a statement. An empty form means this month until today."""

    first = forms.DateField(label="From", widget=forms.DateInput({"type": "date"}))
    last = forms.DateField(label="to", widget=forms.DateInput({"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "Choose the first day or a later one.")
        for name in ("first", "last"):
            if (day := data.get(name)) and not EARLIEST <= day <= LATEST:
                self.add_error(name, f"Choose a day from {EARLIEST.year} to {LATEST.year}.")
        return data

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])


def period_form(request: HttpRequest, today: date) -> PeriodForm:
    """Return the form with the days in the URL, or with those of this month until today."""
    if request.GET.keys() & {"first", "last"}:
        return PeriodForm(request.GET)
    month = usual_periods(today)[0]
    return PeriodForm({"first": month.first.isoformat(), "last": month.last.isoformat()})
