"""The base of all dialects' serializers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from rest_framework import serializers


class BodySerializer(serializers.Serializer[Any]):
    """Reads a body into neutral fields.

    Its fields are shallow copies of the declared ones. REST framework makes new ones from their arguments for
    every request, which takes longer than reading the body.

    An update copies only the fields that its body names, and those of `moved_to`: fields that
    `to_internal_value` fills from others.

    Two mappings make exceptions from dropping unchanged values (see `echoes`):
    - `followers` maps a value to its leader: the service changes it together with the leader. So when the
      leader changes, the follower is kept.
    - `merged_lists` names lists whose items are merged by `id`. Their items are compared one by one, and the
      names in the mapping are kept in every item.
    """

    followers: ClassVar[Mapping[str, str]] = {}
    merged_lists: ClassVar[Mapping[str, Collection[str]]] = {}
    moved_to: ClassVar[Collection[str]] = ()

    def get_fields(self) -> dict[str, Any]:
        declared = self._declared_fields
        if self.partial and hasattr(self, "initial_data"):  # a document is made without data
            names = {*self.initial_data, *self.moved_to}
            return {name: copy_field(declared[name]) for name in declared if name in names}
        return {name: copy_field(field) for name, field in declared.items()}


def copy_field(field: Any) -> Any:
    """Return a copy of a declared field, with a copy of the field of its items if it is a list."""
    copied = object.__new__(type(field))
    copied.__dict__.update(field.__dict__)
    copied.__dict__.pop("fields", None)  # of a nested serializer: they refer to their own parent
    if "child" in field.__dict__:
        copied.child = copy_field(field.child)
        copied.child.parent = copied
    return copied
