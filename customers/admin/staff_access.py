"""Buttons of a person's page: invite by e-mail, reset the second factor, sign out everywhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern
from django.views.decorators.http import require_POST

from stores.admin import second_factor
from stores.admin.forms import FinalForm
from stores.admin.generic import AnyModelAdmin
from stores.admin.invitations import invite
from stores.admin.recovery_codes import recovery_codes_left
from stores.admin.sessions import sessions_of, sign_out

CHANGE = "auth.change_user"


class StaffAccess(AnyModelAdmin):
    """Mixed into the admin of people."""

    change_form_template = "admin/auth/user/page.html"

    def get_urls(self) -> list[URLPattern]:
        this: Any = self
        return [
            this.button_path("invite", require_POST(self.invite), CHANGE),
            this.button_path("reset-factor", self.reset_factor, CHANGE),
            this.button_path("sign-out", self.sign_out, CHANGE),
            *super().get_urls(),
        ]

    def require_right(self, request: HttpRequest, user: Any) -> None:
        """Raise PermissionDenied for people with more rights, and of other stores."""
        if not self.has_change_permission(request, user):
            raise PermissionDenied

    def done(self, request: HttpRequest, user: Any, text: str) -> HttpResponseBase:
        this: Any = self
        answer: HttpResponseBase = this.button_done(request, user, text)
        return answer

    def invite(self, request: HttpRequest, user: Any) -> HttpResponseBase:
        self.require_right(request, user)
        if not user.email or not user.is_active:
            this: Any = self
            messages.error(request, "Enter the person's e-mail address first, and save it.")
            return HttpResponseRedirect(this.page_of(user))
        invite(request, user)
        return self.done(request, user, f"Sent an invitation to {user.email}.")

    def reset_factor(self, request: HttpRequest, user: Any) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            second_factor.reset(user)
            return "The second factor is off; they can set up a new one."

        codes = recovery_codes_left(user)
        hint = (
            "Until they set up a new one, the password alone signs them in. Be sure that they ask for it. "
            f"Their app and {codes} recovery code{'' if codes == 1 else 's'} stop working."
        )
        return self.ask(request, user, change, "Reset the second factor", hint)

    def sign_out(self, request: HttpRequest, user: Any) -> HttpResponseBase:
        def change(data: dict[str, Any]) -> str:
            return f"Signed out in {in_places(sign_out(user))}."

        hint = (
            f"They are signed in in {in_places(len(sessions_of(user)))}, and must sign in again there. "
            "What they are typing now comes back once they have signed in."
        )
        return self.ask(request, user, change, "Sign out everywhere", hint)

    def ask(
        self, request: HttpRequest, user: Any, change: Any, title: str, hint: str
    ) -> HttpResponseBase:
        self.require_right(request, user)
        this: Any = self
        form = FinalForm(request.POST or None)
        answer: HttpResponseBase = this.form_response(
            request, user, form, change, title=title, button=title, hint=hint
        )
        return answer

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if user := context.get("original"):
            context["has_factor"] = second_factor.has_factor(user)
            context["places"] = len(sessions_of(user))
        answer: HttpResponseBase = super().render_change_form(request, context, *args, **kwargs)
        return answer


def in_places(count: int) -> str:
    return f"{count} place{'' if count == 1 else 's'}"
