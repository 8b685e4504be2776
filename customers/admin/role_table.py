"""The lines of the table that shows what each role may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import Group, Permission
from django.utils.text import capfirst

if TYPE_CHECKING:
    RightChoices = forms.ModelMultipleChoiceField[Permission]
else:
    RightChoices = forms.ModelMultipleChoiceField

VERBS = {"view": "see", "add": "add", "change": "change", "delete": "delete"}


def holders_of_rights(groups: list[Group]) -> dict[int, set[int]]:
    """Return by permission's key the keys of the groups that have it."""
    holders: dict[int, set[int]] = {}
    for through in Group.permissions.through.objects.filter(group__in=groups):
        holders.setdefault(through.permission_id, set()).add(through.group_id)
    return holders


def table_lines(groups: list[Group]) -> list[tuple[str, list[str]]]:
    """Return a line for each kind of rows and each other right: its name, and what each group may do."""
    verbs: dict[str, dict[int, list[str]]] = {}
    rights = Permission.objects.filter(group__in=groups).select_related("content_type").distinct()
    holders = holders_of_rights(groups)
    for right in rights.order_by("content_type__app_label", "content_type__model", "pk"):
        name, verb = name_and_verb(right)
        line = verbs.setdefault(name, {})
        for group in holders[right.pk]:
            line.setdefault(group, []).append(verb)
    return [
        (name, [", ".join(sorted(line.get(group.pk, []), key=order)) for group in groups])
        for name, line in sorted(verbs.items())
    ]


def name_and_verb(right: Permission) -> tuple[str, str]:
    """Return what a permission is about, and what it allows: see, add, change, delete, or just yes."""
    verb, _, model = right.codename.partition("_")
    kind: Any = right.content_type.model_class()
    if verb in VERBS and kind is not None and model == right.content_type.model:
        return capfirst(str(kind._meta.verbose_name_plural)), VERBS[verb]
    return capfirst(right.name.removeprefix("Can ")), "yes"


class RightsField(RightChoices):
    """Names rights as the table does. Django writes “Customers | customer | Can view customer”."""

    def __init__(self, queryset: Any, **options: Any) -> None:
        super().__init__(queryset.select_related("content_type"), **options)

    def label_from_instance(self, right: Permission) -> str:
        name, verb = name_and_verb(right)
        return name if verb == "yes" else f"{name}: {verb}"


def order(verb: str) -> int:
    return [*VERBS.values(), "yes"].index(verb)
