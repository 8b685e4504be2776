"""Query strings. A known parameter that is sent twice or is invalid is refused; unknown ones are ignored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet

from customers.api.dialect import FieldError
from customers.api.problems import ApiError, invalid
from customers.api.reader import read_query
from stores.database.plans import Plan

LIMIT_OF_INTEGERS = 10**9
LONGEST_TEXT = 1000
MAY_BE_BLANK = ("search",)
LIST_ENDING = re.compile(r"\[\d*\]\Z")  # `name[]` and `name[0]`, as many libraries write lists


class Query:
    """The parameters of one request. `name[]` and `name[0]` are spellings of `name`."""

    def __init__(self, query_string: str) -> None:
        self._values: dict[str, list[str]] = {}
        self._listed: set[str] = set()  # the parameters that were sent in a spelling of a list
        for spelling, values in read_query(query_string).items():
            self._add(spelling, values)

    def _add(self, spelling: str, values: list[str]) -> None:
        name = LIST_ENDING.sub("", spelling)
        if name != spelling:
            self._listed.add(name)
        self._values.setdefault(name, []).extend(values)

    def within(self, family: str) -> Query:
        """Return the parameters with `family[name]` read as `name`. A request with both sends it twice."""
        inner = Query("")
        of_family = re.compile(rf"{family}\[([^\[\]]+)\](.*)\Z", re.DOTALL)
        for spelling, values in self._values.items():
            match = of_family.match(spelling)
            name = match[1] + match[2] if match else spelling
            inner._add(name, values)
            if spelling in self._listed:
                inner._listed.add(name)
        return inner

    def text(self, name: str, longest: float = LONGEST_TEXT) -> str | None:
        """Return a parameter's value, or None. Raises ApiError when it was sent twice or is too long."""
        values = self._values_of(name)
        if values is None:
            return None
        if len(values) > 1:
            raise invalid(name, "twice", "Send this parameter once.")
        if len(values[0]) > longest:
            raise invalid(name, "too_long", f"At most {longest} characters.")
        return values[0]

    def joined(self, name: str) -> str | None:
        """Return the value of a parameter that takes a list: its values with commas between them, or None.

        Only a spelling of a list may be sent several times.
        """
        values = self._values_of(name)
        if values is None or name not in self._listed:
            return self.text(name)
        text = ",".join(values)
        if len(text) > LONGEST_TEXT:
            raise invalid(name, "too_long", f"At most {LONGEST_TEXT} characters.")
        return text

    def _values_of(self, name: str) -> list[str] | None:
        """Return all values of a parameter. Raises ApiError for `name[word]`, which would go unnoticed."""
        if "[" not in name:  # else words in brackets have a meaning, as in `filter[name][like]`
            for spelling in self._values:
                if spelling.startswith(f"{name}["):
                    raise invalid(spelling, "spelling", f"Write this parameter as {name}.")
        return self._values.get(name)

    def names(self) -> Iterable[str]:
        return self._values.keys()

    def integer(
        self, name: str, default: int, low: int, high: int | None = None, *, clamp: bool = False
    ) -> int:
        """Return a whole number from `low` to `high`; with `clamp` a larger one counts as `high`."""
        text = self.text(name)
        if text is None:
            return default
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1
        top = LIMIT_OF_INTEGERS - 1 if clamp or high is None else high
        if not low <= number <= top:
            raise invalid(name, "integer", f"A whole number from {low} to {top}.")
        return number if high is None else min(number, high)

    def choice(self, name: str, choices: Mapping[str, Any], default: str | None = None) -> Any:
        """Return what `choices` maps the value to; without a value, that of the default, or None."""
        text = self.text(name)
        if text is None:
            return None if default is None else choices[default]
        if text not in choices:
            raise invalid(name, "choice", f"One of {', '.join(choices)}.")
        return choices[text]


class DialectFilterSet(FilterSet):  # type: ignore[misc]  # the library has no type hints
    """A django-filter set of wire parameters. Blank values are refused instead of matching everything."""

    base_filters: Any

    def __init__(self, data: dict[str, str], queryset: QuerySet[Any] | Plan) -> None:
        declared = type(self).base_filters
        self.base_filters = {name: declared[name] for name in data}  # copying the others costs time
        super().__init__(data, queryset)

    @classmethod
    def narrow(cls, query: Query, queryset: Any, **context: Any) -> Any:
        """Return the rows that match the query's filters. Raises ApiError naming each invalid parameter."""
        data = {
            name: text
            for name, declared in cls.base_filters.items()
            if (text := read_filter(query, name, declared)) is not None
        }
        if not data:
            return queryset
        filters = cls(data, queryset)
        filters.context = context
        errors = [
            FieldError((name,), "blank", "This may not be blank.")
            for name, text in data.items()
            if not text.strip() and name not in MAY_BE_BLANK
        ]
        errors += [
            FieldError((name,), "invalid", str(messages[0]))
            for name, messages in filters.errors.items()
        ]
        if errors:
            raise ApiError("validation", errors=tuple(errors))
        return filters.qs

    def filter_queryset(self, queryset: Any) -> Any:
        """Filter like django-filter, but also plans, which are no querysets."""
        for name, value in self.form.cleaned_data.items():
            queryset = self.filters[name].filter(queryset, value)
        return queryset


def read_filter(query: Query, name: str, declared: Any) -> str | None:
    """Return the text of a filter's parameter. A filter with `takes_list` reads one text with commas."""
    return query.joined(name) if getattr(declared, "takes_list", False) else query.text(name)
