from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers.canonical import fold
from stores.database.plans import plannable
from stores.models.base import TenantModel, TenantQuerySet, new_uid

KEY_LENGTH = 200


class TagQuerySet(TenantQuerySet["Tag"]):
    @plannable
    def of_keys(self, *keys: str) -> TagQuerySet:
        return self.filter(key__in=keys)


class Tag(TenantModel):
    """A word that groups customers. Case, accents and spaces do not distinguish tags, see `key_of`."""

    uid = models.UUIDField(default=new_uid, editable=False)
    name = models.CharField(max_length=100)
    # What `key_of` makes of the name: services find and compare tags by it.
    key = models.CharField(max_length=KEY_LENGTH, editable=False)
    color = models.CharField(
        "colour",
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", "A colour is # and six hex digits.")],
        help_text="For the back office, for example #0f766e.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="tag_uid_once"),
            models.UniqueConstraint(fields=["store", "key"], name="tag_name_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(key=""), name="tag_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def key_of(name: str) -> str:
        """Return the key that all spellings of a tag share.

        It is cut to its column: folding turns some letters into several, so a key may be longer than its name.
        """
        return fold(name)[:KEY_LENGTH]
