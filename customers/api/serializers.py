"""What the serializers of all dialects build on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy, deepcopy
from typing import Any, ClassVar

from rest_framework import serializers


class BodySerializer(serializers.Serializer[Any]):
    """Reads a body into neutral fields.

    Its fields are shallow copies of the declared ones. REST framework makes each anew from its arguments for
    every request, which takes longer than to read the body.

    The two mappings are exceptions from dropping values that come back as they were shown (see `echoes`):
    - `followers`: values that the service changes together with another one, which the mapping names. When
      that other one is changed, they are meant to stay as they are sent.
    - `merged_lists`: lists whose items are merged into those with the same `id`. They are compared item by
      item, and the names that the mapping gives are kept in every item.
    """

    followers: ClassVar[Mapping[str, str]] = {}
    merged_lists: ClassVar[Mapping[str, Collection[str]]] = {}

    def get_fields(self) -> dict[str, Any]:
        return {
            name: deepcopy(field) if is_nested(field) else copy(field)
            for name, field in self._declared_fields.items()
        }


def is_nested(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Whether other fields belong to it: they know it as their parent, and a copy would share them."""
    return isinstance(field, serializers.BaseSerializer) or hasattr(field, "child")
