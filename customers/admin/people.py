"""Members of staff, their groups and the stores they work in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from customers.admin.password_forms import StaffPasswordForm
from customers.admin.people_forms import NewStaffUserForm, StaffUserForm
from customers.admin.role_table import RightsField
from customers.admin.staff_access import StaffAccess
from stores.admin.deleting import AsksBeforeDeleting, how_many
from stores.admin.second_factor import REQUIRED
from stores.admin.tenancy import scope_of

if TYPE_CHECKING:
    AnyUserAdmin = UserAdmin[User]
else:
    AnyUserAdmin = UserAdmin

admin.site.unregister(User)
admin.site.unregister(Group)

RISKY = ("is_superuser", "user_permissions")


@admin.register(User)
class StaffUserAdmin(StaffAccess, AsksBeforeDeleting, AnyUserAdmin):
    """People of the user's stores. Only superusers create or change superusers."""

    row_names = ("person", "people")
    form = StaffUserForm
    add_form = NewStaffUserForm
    add_form_template = None  # Django's tells that there are more fields afterwards
    change_password_form = StaffPasswordForm
    list_display = ["username", "first_name", "last_name", "in_groups", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    filter_horizontal = ["user_permissions"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": [("first_name", "last_name"), "email"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "groups", "stores"]}),
        ("Superusers", {"classes": ["collapse"], "fields": ["is_superuser", "user_permissions"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "email", "usable_password", "password1", "password2"]}),
        ("Rights", {"fields": ["is_staff", "groups", "stores"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Roles")
    def in_groups(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs |= {"label": "Roles", "help_text": "They may do what any of these may."}
            kwargs["queryset"] = groups_within(request.user)
        if db_field.name == "user_permissions":
            kwargs["form_class"] = RightsField
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field and db_field.name == "user_permissions":
            field.help_text = "Beside those of their roles."
        return field

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.offered = scope_of(request).stores()
        form.must_choose = scope_of(request).ids is not None
        if "is_staff" in form.base_fields and obj is None:
            form.base_fields["is_staff"].initial = True
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        hidden = () if request.user.is_superuser else RISKY
        return [item for item in fieldsets if not set(item[1]["fields"]) & set(hidden)]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change_person(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change_person(request, obj) and super().has_delete_permission(request, obj)

    def consequence(self, obj: User) -> str:
        lines = how_many(LogEntry.objects.filter(user=obj), "line", "lines")
        return (
            f"{lines} of the log of the back office will go, and their second factor. The history of customers "
            "keeps their name. To keep all, clear “Active” on their page instead."
        )

    def may_change_person(self, request: HttpRequest, user: Any) -> bool:
        """Return False for superusers, for people with more rights, and for people of other stores."""
        if user is None or request.user.is_superuser:
            return True
        ids = scope_of(request).ids or ()
        elsewhere = user.stores.exclude(pk__in=ids)
        more = rights_of(user).exclude(pk__in=rights_of(request.user))
        return not user.is_superuser and not elsewhere.exists() and not more.exists()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Assign the selected stores, and keep stores that the user does not see."""
        super().save_related(request, form, formsets, change)
        user, stores = form.instance, form.cleaned_data["stores"]
        user.stores.remove(*scope_of(request).stores().exclude(pk__in=stores))
        user.stores.add(*stores)


def rights_of(user: Any) -> QuerySet[Permission]:
    """Return a person's permissions, also when the account is inactive."""
    held = Permission.objects.exclude(codename=REQUIRED)  # a duty, not a right
    return held.filter(Q(group__user=user) | Q(user=user)).order_by()


def groups_within(user: Any) -> QuerySet[Group]:
    """Return the groups with no permission that the user lacks."""
    if user.is_superuser:
        return Group.objects.all()
    others = Permission.objects.exclude(pk__in=rights_of(user)).exclude(codename=REQUIRED)
    return Group.objects.exclude(permissions__in=others)
