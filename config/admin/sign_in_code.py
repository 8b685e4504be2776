"""The code that a person with a second factor gives after the password."""

from __future__ import annotations

import time
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_lockout_response
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from config.admin.code_form import CodeForm
from config.admin.signing_in import WAITING, finish
from stores.admin import second_factor


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
