from __future__ import annotations

import hashlib
import re
import secrets
import string
from datetime import datetime, timedelta
from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stores.actors import Actor
from stores.database.connections import short_write_timeout
from stores.models.base import validate_one_line
from stores.models.store import Store
from stores.scopes import SCOPES, granted

PREFIX = "sk_live_"
ALPHABET = string.ascii_letters + string.digits
ID_LENGTH, SECRET_LENGTH = 12, 43  # 43 letters of 62 carry 256 bits
KEY = re.compile(rf"{PREFIX}(?P<id>[A-Za-z0-9]{{{ID_LENGTH}}})_(?P<secret>[A-Za-z0-9]+)")
LAST_USED_PRECISION = timedelta(minutes=1)


def digest(secret: str) -> str:
    """Return the SHA-256 in hex: no slow hash is needed, because nobody can guess 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def random_text(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def for_store(self, store: Store | None) -> ApiKeyQuerySet:
        return self if store is None else self.filter(store=store)

    def by_text(self, text: str) -> ApiKeyQuerySet:
        """Return the one key with this full text, or none."""
        match = KEY.fullmatch(text)
        if match is None:
            return self.none()
        return self.filter(key_id=match["id"], secret_hash=digest(match["secret"]))


class ApiKey(models.Model):
    """An API key: `sk_live_<id>_<secret>`, of which only the id and a hash are stored."""

    store = models.ForeignKey(
        "stores.Store",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="api_keys",
        help_text="Empty for an administrator's key, which enters every store.",
    )
    name = models.CharField(max_length=200, validators=[validate_one_line])
    key_id = models.CharField(max_length=ID_LENGTH, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "API key"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="api_key_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({PREFIX}{self.key_id}…)"

    @classmethod
    def issue(
        cls,
        *,
        store: Store | None,
        name: str,
        scopes: list[str] | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[Self, str]:
        """Return a new key and its text, which cannot be shown again. None means every scope."""
        key = cls(
            store=store,
            name=name,
            key_id=random_text(ID_LENGTH),
            scopes=sorted(SCOPES) if scopes is None else scopes,
            expires_at=expires_at,
        )
        secret = random_text(SECRET_LENGTH)
        key.secret_hash = digest(secret)
        key.save(force_insert=True)
        return key, f"{PREFIX}{key.key_id}_{secret}"

    @cached_property
    def granted(self) -> frozenset[str]:
        return granted(self.scopes)

    @cached_property
    def actor(self) -> Actor:
        """Who events and ledgers name when a client with this key changes something."""
        return Actor.key(self)

    def is_usable(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def revoke(self) -> None:
        if self.revoked_at is None:
            self.revoked_at = timezone.now()
            self.save(update_fields=["revoked_at"])

    def touch(self, now: datetime) -> None:
        """Store the time of use, at most once a minute, so that most reads write nothing."""
        if self.last_used_at is None or now - self.last_used_at >= LAST_USED_PRECISION:
            self.last_used_at = now
            with short_write_timeout():
                ApiKey.objects.filter(pk=self.pk).update(last_used_at=now)
