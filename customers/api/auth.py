"""Who calls: the API key of a request, and what it may do."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

from django.db import Error
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission

from customers.api.problems import ApiError
from stores.actors import Actor
from stores.models import ApiKey
from stores.models.api_key import digest

CACHE_SECONDS = 0.5  # a revocation is felt everywhere within a second
MAX_CACHED_KEYS = 10_000
MAX_KEY_LENGTH = 200


class ApiKeyCache:
    """API keys used in the last moment, so that a burst of one client queries the database once.

    Only keys that exist are cached, by a digest of their text; each process has its own cache.
    """

    def __init__(self) -> None:
        self._keys: dict[str, tuple[float, ApiKey]] = {}
        self._lock = threading.Lock()

    def find(self, text: str) -> ApiKey | None:
        now = time.monotonic()
        name = digest(text)
        known = self._keys.get(name)
        if known is not None and now < known[0]:
            return known[1]
        key = ApiKey.objects.by_text(text).select_related("store").first()
        if key is not None:
            with self._lock:
                if len(self._keys) >= MAX_CACHED_KEYS:
                    self._keys.clear()
                self._keys[name] = (now + CACHE_SECONDS, key)
        return key

    def forget(self) -> None:
        with self._lock:
            self._keys.clear()


keys = ApiKeyCache()


class ApiKeyAuthentication(BaseAuthentication):
    """Reads the key from `Authorization: Bearer` or the dialect's own header; user is the Actor."""

    def authenticate(self, request):
        text = api_key_text(request, request.parser_context["view"].dialect.key_headers)
        if not text:
            raise ApiError("missing_key", headers={"WWW-Authenticate": "Bearer"})
        key = keys.find(text) if len(text) <= MAX_KEY_LENGTH and text.isascii() else None
        now = timezone.now()
        if key is None or not key.is_usable(now):
            raise ApiError("invalid_key", headers={"WWW-Authenticate": "Bearer"})
        with suppress(Error):  # a database that takes no writes still answers reads
            key.touch(now)
        return Actor.key(key), key


def api_key_text(request, headers: tuple[str, ...]) -> str:
    """The key that a request carries, "" for none."""
    scheme, _, credentials = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        return credentials.strip()
    return next((sent for name in headers if (sent := request.headers.get(name, "").strip())), "")


class HasScope(BasePermission):
    """Lets a key do what its scopes cover; `scopes` of a view maps its actions to them."""

    def has_permission(self, request, view) -> bool:
        needed = view.scopes.get(view.action)
        if needed is not None and not allows(request.auth, needed):
            raise ApiError("forbidden", reason="scope", data={"scope": needed})
        return True


def allows(key: ApiKey, scope: str) -> bool:
    """Whether a key covers a scope by itself or, as `stores.scopes.granted` has it, by a wider one."""
    return scope in key.granted
