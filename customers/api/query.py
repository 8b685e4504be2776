"""Query strings. A known parameter that is sent twice or is invalid is refused; unknown ones are ignored."""

from __future__ import annotations

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


class Query:
    """The parameters of one request."""

    def __init__(self, query_string: str) -> None:
        self._values = read_query(query_string)

    def within(self, family: str) -> Query:
        """Return the parameters with `family[name]` read as `name`. A request with both sends it twice."""
        inner = Query("")
        for spelling, values in self._values.items():
            name = spelling.removeprefix(f"{family}[")
            is_in_family = name != spelling and name.endswith("]")
            inner._values.setdefault(name[:-1] if is_in_family else spelling, []).extend(values)
        return inner

    def text(self, name: str, longest: float = LONGEST_TEXT) -> str | None:
        """Return a parameter's value, or None. Raises ApiError when it was sent twice or is too long."""
        values = self._values.get(name)
        if values is None:
            return None
        if len(values) > 1:
            raise invalid(name, "twice", "Send this parameter once.")
        if len(values[0]) > longest:
            raise invalid(name, "too_long", f"At most {longest} characters.")
        return values[0]

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
        data = {name: text for name in cls.base_filters if (text := query.text(name)) is not None}
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
