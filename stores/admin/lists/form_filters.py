"""Filters whose values people type: from one amount, day or birthday to another, or a place."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from stores.admin.lists.typed_values import Unreadable


class FormFilter(ListFilter):
    """A filter with text fields. What it cannot read is refused, and the list is empty then."""

    inputs: ClassVar[tuple[tuple[str, str, int], ...]]  # name, label, width in characters

    def __init__(self, request: Any, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        for name in self.expected_parameters():
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> list[dict[str, Any]]:
        return []

    def expected_parameters(self) -> list[str]:
        return [name for name, _, _ in self.inputs]

    def value(self, name: str) -> str:
        return str(self.used_parameters.get(name, "")).strip()

    def values(self) -> list[str]:
        return [self.value(name) for name in self.expected_parameters()]

    def summary(self) -> str:
        """Return what is selected, such as “from 10 to 20”."""
        filled = ((label, self.value(name)) for name, label, _ in self.inputs)
        return " ".join(f"{label.lower()} {value}" for label, value in filled if value)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not any(self.values()):
            return queryset
        try:
            return self.narrow(request, queryset)
        except Unreadable as problem:
            messages.error(request, str(problem))
            return queryset.none()

    def narrow(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that the typed values select. Raises Unreadable."""
        raise NotImplementedError
