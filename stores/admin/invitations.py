"""E-mails with a link to choose a password: invitations of new people. Django's own views take the link."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from stores.actors import Actor


def invite(request: HttpRequest, user: Any) -> None:
    """Send a person the link with which they choose their first password."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    path = reverse("password_reset_confirm", args=[uid, token])
    context = {
        "user": user,
        "inviter": Actor.staff(request.user).name,
        "url": request.build_absolute_uri(path),
    }
    text = render_to_string("registration/invitation_email.txt", context)
    send_mail("Your account of Clientele", text, None, [user.email])
