from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uuid

    from stores.models import ApiKey


@dataclass(frozen=True)
class Actor:
    """The author of a change, as stored in events and ledgers: an API key, a user or the system.

    `via` names the dialect that a key speaks, or is empty. `asked_as` is the former id by which a merged
    customer was named, when the change is made to the survivor.
    """

    kind: str
    id: int | None
    name: str
    via: str = ""
    asked_as: uuid.UUID | None = None

    @classmethod
    def key(cls, key: ApiKey) -> Actor:
        return cls("key", key.pk, f"API key {key.name}"[:250])

    @classmethod
    def staff(cls, user: Any) -> Actor:
        return cls("staff", user.pk, (user.get_full_name() or user.get_username())[:250])


SYSTEM = Actor("system", None, "Clientele")
