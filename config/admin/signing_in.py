"""Sign in: name and password, then a code from those who have a second factor.

Who has one is told only after the right password. Wrong codes count as wrong passwords do: they lock out.
"""

from __future__ import annotations

import time
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import get_user_model, login
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from stores.admin import second_factor
from stores.admin.sessions import record_start

WAITING = "waits_for_code"  # in a session: who gave the right password, and may give the code
WAITING_SECONDS = 300
MUST_SET_UP = "must_set_up_factor"  # in a session: no other page opens until the factor is set up


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "autofocus": True}),
        help_text="Six digits of the app on your phone, or one of your recovery codes.",
    )


class SignInView(LoginView):
    """Django's view, which signs in only people without a second factor."""

    authentication_form = AdminAuthenticationForm
    template_name = "admin/login.html"

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        target = self.get_success_url()
        if not second_factor.has_factor(user):
            return finish(self.request, user, target)
        self.request.session[WAITING] = {
            "user": user.pk,
            "backend": user.backend,
            "until": time.time() + WAITING_SECONDS,
            "next": target,
        }
        return HttpResponseRedirect(reverse("admin:login_code"))


def finish(request: HttpRequest, user: Any, target: str) -> HttpResponse:
    """Sign the person in, and go on to the page that they wanted."""
    login(request, user, user.backend)
    record_start(request)
    if second_factor.must_have_factor(user) and not second_factor.has_factor(user):
        request.session[MUST_SET_UP] = True
        return HttpResponseRedirect(reverse("admin:second_factor"))
    return HttpResponseRedirect(target)


@sensitive_post_parameters("code")
@never_cache
def code_view(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a person who gave the right password a short time ago."""
    waiting: Any = request.session.get(WAITING)
    users = get_user_model().objects.filter(is_active=True)
    user: Any = users.filter(pk=waiting["user"]).first() if waiting else None
    if user is None or waiting["until"] < time.time():
        request.session.pop(WAITING, None)
        return HttpResponseRedirect(reverse("admin:login"))
    credentials = {"username": user.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return locked(request, credentials)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if second_factor.is_right(user, form.cleaned_data["code"]):
            del request.session[WAITING]
            user.backend = waiting["backend"]
            return finish(request, user, waiting["next"])
        user_login_failed.send(__name__, credentials=credentials, request=request)
        if not AxesProxyHandler.is_allowed(request, credentials):
            return locked(request, credentials)
        form.add_error("code", "This code is not right, or was used before. Wait for the next one.")
    context = {**admin.site.each_context(request), "title": "Code", "form": form}
    return TemplateResponse(request, "admin/sign_in/code.html", context)


def locked(request: HttpRequest, credentials: dict[str, str]) -> HttpResponse:
    request.session.pop(WAITING, None)
    answer: HttpResponse = get_lockout_response(request, credentials)
    return answer
