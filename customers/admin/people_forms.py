"""The forms of people, in words of the house: Django's speak of backends and superuser status."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.forms import (
    AdminUserCreationForm,
    ReadOnlyPasswordHashField,
    UserChangeForm,
)
from django.contrib.auth.models import User

from customers.admin.password_forms import PasswordState, password_choice
from customers.admin.staff_stores_form import StaffStoresForm

if TYPE_CHECKING:
    AnyUserChangeForm = UserChangeForm[User]
    AnyUserCreationForm = AdminUserCreationForm[User]
else:
    AnyUserChangeForm = UserChangeForm
    AnyUserCreationForm = AdminUserCreationForm

LABELS = {
    "email": "E-mail",
    "is_staff": "Back office",
    "is_superuser": "Everything",
    "user_permissions": "Rights of their own",
}
HELP_TEXTS = {
    "username": "Up to 150 letters, digits and @ . + - _",
    "is_active": "Clear it when they leave: they cannot sign in, and their name stays in the history.",
    "is_staff": "They may sign in here.",
    "is_superuser": "They may do everything in every store, whatever their roles say.",
}


class StaffUserForm(StaffStoresForm, AnyUserChangeForm):
    password = ReadOnlyPasswordHashField(
        label="Password", widget=PasswordState, help_text="Nobody can see it."
    )

    class Meta(UserChangeForm.Meta):
        labels: ClassVar = LABELS
        help_texts: ClassVar = HELP_TEXTS


class NewStaffUserForm(StaffStoresForm, AnyUserCreationForm):
    usable_password = password_choice()

    class Meta(AdminUserCreationForm.Meta):
        labels: ClassVar = LABELS
        help_texts: ClassVar = HELP_TEXTS
