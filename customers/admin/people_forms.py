"""The forms of people, in words of the house: Django's speak of backends and superuser status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
)
from django.contrib.auth.models import User

from stores.admin.generic import AnyModelForm
from stores.models import Store

if TYPE_CHECKING:
    AnyUserChangeForm = UserChangeForm[User]
    AnyUserCreationForm = AdminUserCreationForm[User]
    AnyPasswordForm = AdminPasswordChangeForm[User]
else:
    AnyUserChangeForm = UserChangeForm
    AnyUserCreationForm = AdminUserCreationForm
    AnyPasswordForm = AdminPasswordChangeForm

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


def password_choice() -> forms.ChoiceField:
    """Return the field that Django calls “Password-based authentication”."""
    return forms.ChoiceField(
        label="First password",
        required=False,
        initial="true",
        choices={"true": "Set it here", "false": "They choose it by the link of an invitation"},
        widget=forms.RadioSelect(attrs={"class": "radiolist inline"}),
    )


class StaffStoresForm(AnyModelForm):
    stores = forms.ModelMultipleChoiceField(
        Store.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="They see and change only these stores. Without any, a superuser sees all "
        "stores, and others see nothing.",
    )
    offered: Any = None  # the user's stores
    must_choose = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stores"].queryset = self.offered.all()
        self.fields["stores"].required = self.must_choose
        if self.instance.pk:
            self.initial["stores"] = list(self.instance.stores.values_list("pk", flat=True))


class PasswordState(ReadOnlyPasswordHashWidget):
    """Whether there is a password. Django shows a part of its hash."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if len(context["summary"]) > 1:
            context["summary"] = [{"label": "It is set."}]
        return context


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


class StaffPasswordForm(AnyPasswordForm):
    """A new password of a person."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        if "usable_password" in self.fields:
            field = password_choice()
            field.label = "Password"
            field.choices = {"true": "Set a new one", "false": "Take it away: they cannot sign in"}
            self.fields["usable_password"] = field
