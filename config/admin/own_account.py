"""A person's own account: the second factor, and where they are signed in."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from config.admin.code_form import CodeForm
from config.admin.signing_in import MUST_SET_UP
from stores.admin import factor_set_up, second_factor
from stores.admin.recovery_codes import new_recovery_codes, recovery_codes_left
from stores.admin.sessions import sessions_of, sign_out


def page(request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    every = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/sign_in/{template}.html", every)


def factor_view(request: HttpRequest) -> HttpResponse:
    """Set the second factor up; afterwards show that it is on."""
    user: Any = request.user
    if second_factor.has_factor(user):
        return page(
            request,
            "factor",
            "Second factor",
            codes_left=recovery_codes_left(user),
            is_required=second_factor.must_have_factor(user),
            form=CodeForm(),
        )
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if codes := factor_set_up.confirm(user, form.cleaned_data["code"]):
            request.session.pop(MUST_SET_UP, None)
            return page(request, "recovery_codes", "Recovery codes", codes=codes)
        form.add_error(
            "code", "This code is not right. Wait for the next one, and check the clock."
        )
    device = factor_set_up.pending_device(user)
    return page(
        request,
        "set_up",
        "Set up a second factor",
        form=form,
        qr=factor_set_up.qr_code(device),
        secret=factor_set_up.secret_in_groups(device),
        is_required=MUST_SET_UP in request.session,
    )


@require_POST
def change_factor_view(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, or turn the factor off; both need a code."""
    user: Any = request.user
    form = CodeForm(request.POST)
    if not form.is_valid() or not second_factor.is_right(user, form.cleaned_data["code"]):
        messages.error(
            request, "This code is not right, or was used before. Wait for the next one."
        )
    elif "codes" in request.POST:
        codes = new_recovery_codes(user)
        return page(request, "recovery_codes", "Recovery codes", codes=codes)
    elif second_factor.must_have_factor(user):
        messages.error(request, "Your role requires a second factor.")
    else:
        second_factor.reset(user)
        messages.success(request, "The second factor is off.")
    return HttpResponseRedirect(reverse("admin:second_factor"))


def sessions_view(request: HttpRequest) -> HttpResponse:
    """List where the person is signed in; a POST signs out everywhere else."""
    if request.method == "POST":
        count = sign_out(request.user, but=request.session.session_key)
        messages.success(request, f"Signed out in {count} other place{'' if count == 1 else 's'}.")
        return HttpResponseRedirect(reverse("admin:sessions"))
    places = sessions_of(request.user)
    here = request.session.session_key
    return page(request, "sessions", "Where you are signed in", places=places, here=here)
