"""What each role may do, as a table."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import capfirst

from stores.admin.generic import AnyModelAdmin
from stores.admin.lists.pages import ListPages

VERBS = {"view": "see", "add": "add", "change": "change", "delete": "delete"}


@admin.register(Group)
class GroupAdmin(ListPages, AnyModelAdmin):
    """Groups and their permissions; superusers change them."""

    change_list_template = "admin/auth/group/list.html"
    search_fields = ["name"]
    ordering = ["name"]
    filter_horizontal = ["permissions"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.table_view)
        return [path("table/", view, name="auth_group_table"), *super().get_urls()]

    def table_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        groups = list(Group.objects.order_by("pk"))
        context = {
            **self.admin_site.each_context(request),
            "title": "What each role may do",
            "opts": self.opts,
            "groups": groups,
            "lines": table_lines(groups),
        }
        return TemplateResponse(request, "admin/auth/group/table.html", context)


def table_lines(groups: list[Group]) -> list[tuple[str, list[str]]]:
    """Return a line for each kind of rows and each other right: its name, and what each group may do."""
    verbs: dict[str, dict[int, list[str]]] = {}
    rights = Permission.objects.filter(group__in=groups).select_related("content_type").distinct()
    holders: dict[int, set[int]] = {}
    for through in Group.permissions.through.objects.filter(group__in=groups):
        holders.setdefault(through.permission_id, set()).add(through.group_id)
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


def order(verb: str) -> int:
    return [*VERBS.values(), "yes"].index(verb)
