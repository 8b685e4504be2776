"""What a report is about: a store, and a day or days of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from orders.reports.period import Period
from stores.admin.day_fields import set_country
from stores.admin.query import whole_number
from stores.models import Store

MOST_DAYS = 3660


class StoreForm(forms.Form):
    """Read from the URL. Without parameters it has its defaults."""

    store = forms.ModelChoiceField(queryset=Store.objects.none(), empty_label=None)

    def __init__(self, stores: Any, data: Any) -> None:
        self.stores = stores.order_by("name", "pk")
        super().__init__(data)
        self.fields["store"].queryset = self.stores
        store = self.chosen_store()
        for name, value in self.defaults(store).items():
            self.fields[name].initial = value
        if store is not None:
            for name in self.defaults(store):
                set_country(self.fields[name], store.country)
        self.data = {name: field.initial for name, field in self.fields.items()} | {
            name: text for name, text in data.items() if text and name in self.fields
        }
        if "store" not in self.data or not self.data["store"]:
            self.data["store"] = store.pk if store else ""
        if len(self.stores[:2]) == 1:
            self.fields["store"].widget = forms.HiddenInput()

    def chosen_store(self) -> Store | None:
        pk = str(self.data.get("store", ""))
        key = whole_number(pk)
        chosen: Store | None = self.stores.filter(pk=key).first() if key is not None else None
        return chosen or self.stores.first()

    def defaults(self, store: Store | None) -> dict[str, date]:
        raise NotImplementedError

    def period(self) -> Period:
        raise NotImplementedError


def today_of(store: Store | None) -> date:
    return timezone.localdate(timezone=store.tzinfo if store else None)


class DayForm(StoreForm):
    """The end of a day, today or earlier."""

    day = forms.DateField(label="At the end of")

    def defaults(self, store: Store | None) -> dict[str, date]:
        return {"day": today_of(store)}

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > today_of(self.cleaned_data.get("store")):
            raise forms.ValidationError("Enter today or an earlier day.")
        return day

    def period(self) -> Period:
        data = self.cleaned_data
        return Period(data["store"], data["day"], data["day"])


class PeriodForm(StoreForm):
    """The days from the first to the last, by default those of this month."""

    first = forms.DateField(label="From")
    last = forms.DateField(label="To")

    def defaults(self, store: Store | None) -> dict[str, date]:
        today = today_of(store)
        return {"first": today.replace(day=1), "last": today}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", "Enter the first day or a later one.")
        elif first and last and last - first > timedelta(days=MOST_DAYS):
            self.add_error("last", "Enter days of ten years at most.")
        return data

    def period(self) -> Period:
        data = self.cleaned_data
        return Period(data["store"], data["first"], data["last"])


class OneDayForm(PeriodForm):
    """Days, by default today alone."""

    def defaults(self, store: Store | None) -> dict[str, date]:
        return dict.fromkeys(("first", "last"), today_of(store))


class YearForm(PeriodForm):
    """Days, by default those of the last twelve months."""

    def defaults(self, store: Store | None) -> dict[str, date]:
        today = today_of(store)
        months = today.year * 12 + today.month - 12
        return {"first": date(months // 12, months % 12 + 1, 1), "last": today}
