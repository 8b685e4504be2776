"""The book on a distributed PostgreSQL (Citus): every store's rows together on one machine.

What becomes of a table is read off its model:

- one whose rows all carry a store, and whose unique keys all name it, is distributed by store;
- one that distributed tables refer to, or that carries a store but holds for all of them together (its
  unique key spans stores), is a reference table: small, and whole on every machine;
- the others (staff, sessions, API keys, kept answers, migrations) stay local to the coordinator, because
  nothing distributed refers to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, UniqueConstraint

from stores.models.base import TenantModel

Table = type[Model]


def table(model: Table) -> str:
    return model._meta.db_table


def spans_stores(model: Table) -> bool:
    """Whether a rule of the table is about several stores at once."""
    unique = [c for c in model._meta.total_unique_constraints if isinstance(c, UniqueConstraint)]
    return any("store" not in constraint.fields for constraint in unique)


def foreign_keys(model: Table) -> list[ForeignKey[Any]]:
    return [field for field in model._meta.local_fields if isinstance(field, ForeignKey)]


@dataclass(frozen=True)
class Distribution:
    """All tables, and what becomes of each."""

    models: tuple[Table, ...]

    @classmethod
    def of_all_apps(cls) -> Distribution:
        every = apps.get_models(include_auto_created=True)
        return cls(tuple(model for model in every if not model._meta.proxy))

    @cached_property
    def distributed(self) -> list[Table]:
        return [
            model
            for model in self.models
            if issubclass(model, TenantModel) and not spans_stores(model)
        ]

    @cached_property
    def references(self) -> list[Table]:
        own = set(self.distributed)
        named = {key.related_model for model in own for key in foreign_keys(model)} - own
        named |= {
            model for model in self.models if issubclass(model, TenantModel) and model not in own
        }
        return [model for model in self.models if model in named]

    @cached_property
    def local(self) -> list[Table]:
        return [m for m in self.models if m not in self.distributed and m not in self.references]

    @cached_property
    def keys(self) -> list[tuple[Table, ForeignKey[Any]]]:
        return [
            (model, key)
            for model in self.models
            for key in foreign_keys(model)
            if key.db_constraint  # type: ignore[attr-defined]
        ]

    def in_order(self) -> list[Table]:
        """The distributed tables, each after those that it refers to."""
        left, done = list(self.distributed), list[Table]()
        while left:
            ready = [m for m in left if not self.needs(m) & (set(left) - {m})]
            done += ready
            left = [model for model in left if model not in ready]
        return done

    def needs(self, model: Table) -> set[Table]:
        return {key.related_model for key in foreign_keys(model)} & set(self.distributed)
