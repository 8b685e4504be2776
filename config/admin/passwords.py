"""Choose a password by a link in an e-mail: Django's own views, at addresses beside the back office."""

from __future__ import annotations

from django.contrib.auth import views
from django.urls import path, reverse_lazy

urlpatterns = [
    path(
        "admin/password_reset/",
        views.PasswordResetView.as_view(
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
