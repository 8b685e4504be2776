"""Choose a password by a link in an e-mail: Django's own views, at addresses beside the back office."""

from __future__ import annotations

import time
from collections.abc import Iterable
from hashlib import sha256

from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.urls import path, reverse_lazy

from stores.counters import count_in_window

HOUR = 3600
MAX_LETTERS = 3  # to one address in an hour


class LimitedResetForm(PasswordResetForm):
    """Send no more links to an address than anybody needs, whoever asks for them. The page does not tell."""

    def get_users(self, email: str) -> Iterable[User]:
        name = "reset-" + sha256(email.casefold().encode()).hexdigest()
        count = count_in_window(name, int(time.time()) // HOUR, HOUR, MAX_LETTERS)
        if count is not None and count > MAX_LETTERS:
            return ()
        users: Iterable[User] = super().get_users(email)
        return users


urlpatterns = [
    path(
        "admin/password_reset/",
        views.PasswordResetView.as_view(
            form_class=LimitedResetForm,
            email_template_name="registration/reset_email.txt",
            subject_template_name="registration/reset_subject.txt",
        ),
        name="admin_password_reset",
    ),
    path(
        "admin/password_reset/done/",
        views.PasswordResetDoneView.as_view(),
        name="password_reset_done",
    ),
    path(
        "admin/reset/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(success_url=reverse_lazy("password_reset_complete")),
        name="password_reset_confirm",
    ),
    path(
        "admin/reset/done/",
        views.PasswordResetCompleteView.as_view(),
        name="password_reset_complete",
    ),
]
