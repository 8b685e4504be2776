"""What the serializers of all dialects build on."""

from __future__ import annotations

from copy import copy, deepcopy
from typing import Any

from rest_framework import serializers


class BodySerializer(serializers.Serializer):
    """Reads a body into neutral fields.

    Its fields are shallow copies of the declared ones. REST framework makes each anew from its arguments for
    every request, which takes longer than to read the body.
    """

    def get_fields(self) -> dict[str, Any]:
        return {
            name: deepcopy(field) if is_nested(field) else copy(field)
            for name, field in self._declared_fields.items()
        }


def is_nested(field: serializers.Field) -> bool:
    """Whether other fields belong to it: they know it as their parent, and a copy would share them."""
    return isinstance(field, serializers.BaseSerializer) or hasattr(field, "child")
