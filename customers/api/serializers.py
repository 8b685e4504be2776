"""The base of all dialects' serializers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy, deepcopy
from typing import Any, ClassVar

from rest_framework import serializers


class BodySerializer(serializers.Serializer[Any]):
    """Reads a body into neutral fields.

    Its fields are shallow copies of the declared ones. REST framework makes new ones from their arguments for
    every request, which takes longer than reading the body.

    Two mappings make exceptions from dropping unchanged values (see `echoes`):
    - `followers` maps a value to its leader: the service changes it together with the leader. So when the
      leader changes, the follower is kept.
    - `merged_lists` names lists whose items are merged by `id`. Their items are compared one by one, and the
      names in the mapping are kept in every item.
    """

    followers: ClassVar[Mapping[str, str]] = {}
    merged_lists: ClassVar[Mapping[str, Collection[str]]] = {}

    def get_fields(self) -> dict[str, Any]:
        return {
            name: deepcopy(field) if is_nested(field) else copy(field)
            for name, field in self._declared_fields.items()
        }


def is_nested(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """True for a field with fields of its own. These refer to it, so a shallow copy would share them."""
    return isinstance(field, serializers.BaseSerializer) or hasattr(field, "child")
