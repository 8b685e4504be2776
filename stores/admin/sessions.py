"""Where a person is signed in, read off the sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from stores.admin.browsers import browser_name

STARTED = "signed_in"  # in a session: when, from where and with which browser it began
AGENT_LENGTH = 200


@dataclass(frozen=True)
class SignedIn:
    """A session of a person; `since` is None for one that began in another way."""

    key: str
    since: datetime | None
    address: str
    browser: str
    until: datetime


def record_start(request: HttpRequest) -> None:
    request.session[STARTED] = {
        "at": timezone.now().isoformat(),
        "address": request.META.get("REMOTE_ADDR", ""),
        "browser": request.headers.get("User-Agent", "")[:AGENT_LENGTH],
    }


def sessions_of(user: Any) -> list[SignedIn]:
    """Return the person's sessions, the newest first."""
    found = [signed_in(session, data) for session, data in rows_of(user)]
    oldest = timezone.now().replace(year=1970)
    return sorted(found, key=lambda one: one.since or oldest, reverse=True)


def rows_of(user: Any) -> Iterator[tuple[Session, dict[str, Any]]]:
    # Sessions do not name their person outside of what is encoded. There are few: one for each of the staff.
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        data = session.get_decoded()
        if data.get(SESSION_KEY) == str(user.pk):
            yield session, data


def signed_in(session: Session, data: dict[str, Any]) -> SignedIn:
    start = data.get(STARTED, {})
    since = datetime.fromisoformat(start["at"]) if start else None
    return SignedIn(
        session.session_key,
        since,
        start.get("address", ""),
        browser_name(start.get("browser", "")),
        session.expire_date,
    )


def sign_out(user: Any, but: str | None = None) -> int:
    """End the person's sessions, except the one with the key `but`. Return how many there were."""
    keys = [session.session_key for session, _ in rows_of(user) if session.session_key != but]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)
