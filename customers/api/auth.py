"""Checks of a request's API key: authentication, scope and rate limit."""

from __future__ import annotations

import hashlib
import threading
import time
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import Error
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from customers.api.problems import ApiError
from stores.actors import Actor
from stores.counters import count_in_window
from stores.models import ApiKey
from stores.models.base import LAST_MOMENT

CACHE_SECONDS = 0.5  # a revocation takes effect in every process within a second
MAX_CACHED_KEYS = 10_000
MAX_KEY_LENGTH = 200
PERIODS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hour": 3600}


class CachedKey(NamedTuple):
    key: ApiKey
    fresh_until: float  # on the monotonic clock
    expires_at: datetime


class ApiKeyCache:
    """Usable API keys of the last half second, so that a burst of one client queries the database once.

    Keys are cached by a digest of their text. Each process has its own cache.
    """

    def __init__(self) -> None:
        self._keys: dict[bytes, CachedKey] = {}
        self._lock = threading.Lock()

    def find(self, text: str) -> ApiKey | None:
        """Return the usable key with this text, or None. A key from the database is marked as used."""
        digest = hashlib.sha256(text.encode()).digest()
        started, now = time.monotonic(), timezone.now()
        cached = self._keys.get(digest)
        if cached and started < cached.fresh_until and now < cached.expires_at:
            return cached.key
        key = ApiKey.objects.by_text(text).select_related("store").first()
        if key is None or not key.is_usable(now):
            return None
        self.add(digest, CachedKey(key, started + CACHE_SECONDS, key.expires_at or LAST_MOMENT))
        with suppress(Error):  # a database that takes no writes still answers reads
            key.touch(now)
        return key

    def add(self, digest: bytes, key: CachedKey) -> None:
        with self._lock:
            if len(self._keys) >= MAX_CACHED_KEYS:
                self._keys.clear()
            self._keys[digest] = key

    def forget(self) -> None:
        """Forget all keys."""
        with self._lock:
            self._keys.clear()


keys = ApiKeyCache()


class ApiKeyAuthentication(BaseAuthentication):
    """Reads the key from `Authorization: Bearer` or the dialect's own header; user is the Actor."""

    def authenticate(self, request: Request) -> tuple[Actor, ApiKey]:
        text = api_key_text(request, request.parser_context["view"].dialect.key_headers)
        if not text:
            raise ApiError("missing_key", headers={"WWW-Authenticate": "Bearer"})
        key = keys.find(text) if len(text) <= MAX_KEY_LENGTH and text.isascii() else None
        if key is None:
            raise ApiError("invalid_key", headers={"WWW-Authenticate": "Bearer"})
        return key.actor, key


def api_key_text(request: Request, headers: tuple[str, ...]) -> str:
    """Return the key that a request carries, "" for none."""
    header: str = request.META.get("HTTP_AUTHORIZATION", "")
    scheme, _, credentials = header.strip().partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        return credentials.strip()
    texts = (request.headers.get(name, "").strip() for name in headers)
    return next(filter(None, texts), "")


class HasScope(BasePermission):
    """Refuses an action that needs a scope which the key lacks; see `DialectViewSet.scopes`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        key: Any = request.auth  # an ApiKey
        scope = view.scopes.get(view.action)
        if scope is not None and scope not in key.granted:
            raise ApiError("forbidden", reason="scope", data={"scope": scope})
        return True


@cache
def rate(text: str) -> tuple[int, int]:
    """Return `600/min` as requests and seconds."""
    count, _, period = text.partition("/")
    return int(count), PERIODS[period.strip()]


class KeyThrottle(BaseThrottle):
    """The rate limit of a key: so many requests in each period.

    All processes of a machine count together. While Redis is unavailable no request is refused: serving
    without a limit is better than not serving.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.auth.pk is None:  # staff who look at a customer as a dialect shows it
            return True
        limit, period = rate(settings.RATE_LIMIT)
        now = time.time()
        window = int(now // period)
        count = count_in_window(f"rate:{request.auth.pk}", window, period, limit)
        if count is None:
            return True
        reset = int((window + 1) * period - now) + 1
        view.rate_headers = {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - count)),
            "X-RateLimit-Reset": str(reset),
        }
        if count > limit:
            raise ApiError("rate_limited", headers={"Retry-After": str(reset)})
        return True
