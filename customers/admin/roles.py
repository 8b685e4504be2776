"""What each role may do, as a table."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from customers.admin.role_table import RightsField, table_lines
from stores.admin.deleting import DeletesAfterQuestion, how_many
from stores.admin.generic import AnyModelAdmin
from stores.admin.lists.pages import ListPages


@admin.register(Group)
class GroupAdmin(DeletesAfterQuestion, ListPages, AnyModelAdmin):
    """Groups and their permissions; superusers change them."""

    row_names = ("role", "roles")
    change_list_template = "admin/auth/group/list.html"
    search_fields = ["name"]
    ordering = ["name"]
    filter_horizontal = ["permissions"]

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(
            db_field, request, form_class=RightsField, **kwargs
        )
        if field:
            field.help_text = "What people with this role may do."
        return field

    def consequence(self, obj: Any) -> str:
        people = how_many(obj.user_set.all(), "person", "people")
        return f"{people} will lose what this role lets them do."

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
