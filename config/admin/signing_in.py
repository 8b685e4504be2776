"""Sign in: name and password, then a code from those who have a second factor.

Who has one is told only after the right password. Wrong codes count as wrong passwords do: they lock out.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from stores.admin import second_factor
from stores.admin.sessions import record_start

WAITING = "waits_for_code"  # in a session: who gave the right password, and may give the code
WAITING_SECONDS = 300
MUST_SET_UP = "must_set_up_factor"  # in a session: no other page opens until the factor is set up


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
