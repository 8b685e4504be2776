"""The password in the forms of people: whether there is one, and a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, ReadOnlyPasswordHashWidget
from django.contrib.auth.models import User

if TYPE_CHECKING:
    AnyPasswordForm = AdminPasswordChangeForm[User]
else:
    AnyPasswordForm = AdminPasswordChangeForm


def password_choice() -> forms.ChoiceField:
    """Return the field that Django calls “Password-based authentication”."""
    return forms.ChoiceField(
        label="First password",
        required=False,
        initial="true",
        choices={"true": "Set it here", "false": "They choose it by the link of an invitation"},
        widget=forms.RadioSelect(attrs={"class": "radiolist inline"}),
    )


class PasswordState(ReadOnlyPasswordHashWidget):
    """Whether there is a password. Django shows a part of its hash."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if len(context["summary"]) > 1:
            context["summary"] = [{"label": "It is set."}]
        return context


class StaffPasswordForm(AnyPasswordForm):
    """A new password of a person."""

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        if "usable_password" in self.fields:
            field = password_choice()
            field.label = "Password"
            field.choices = {"true": "Set a new one", "false": "Take it away: they cannot sign in"}
            self.fields["usable_password"] = field
