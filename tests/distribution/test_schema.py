"""What a model or migration may not have, or its table could not be distributed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.models import Field, ForeignKey, UniqueConstraint

from customers.models import LoginEmail
from stores.distribution.tables import Distribution, Table, foreign_keys
from stores.models.base import TenantModel
from stores.models.tenant_keys import TenantForeignKey, TenantOneToOneField

DISTRIBUTION = Distribution.of_all_apps()
SPANS_STORES = {LoginEmail}  # whose rule is about all stores
KEYS_OF_STORES = [
    (model, key)
    for model in DISTRIBUTION.models
    for key in foreign_keys(model)
    if issubclass(key.related_model, TenantModel)
]


def test_only_these_tables_have_a_rule_about_several_stores() -> None:
    tenants = {model for model in DISTRIBUTION.models if issubclass(model, TenantModel)}
    assert tenants - set(DISTRIBUTION.distributed) == SPANS_STORES


@pytest.mark.parametrize(
    ("model", "key"), KEYS_OF_STORES, ids=[str(key) for _, key in KEYS_OF_STORES]
)
def test_a_key_to_a_stores_row_is_of_the_same_store(model: Table, key: ForeignKey) -> None:
    """So `distribute` gives it the store, and joins name it."""
    assert issubclass(model, TenantModel)
    assert isinstance(key, TenantForeignKey | TenantOneToOneField)


def unique_columns(model: Table) -> Iterator[tuple[str, list[str]]]:
    """All that is unique in a table but its primary key, also under a condition: name, columns."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield constraint.name, list(constraint.fields)
    for names in model._meta.unique_together:
        yield "unique_together", list(names)
    for field in model._meta.local_fields:
        if field.unique and not field.primary_key:
            yield str(field), [field.name]


@pytest.mark.parametrize("model", DISTRIBUTION.distributed, ids=lambda model: model.__name__)
def test_whatever_is_unique_is_so_within_a_store(model: Table) -> None:
    assert [name for name, columns in unique_columns(model) if "store" not in columns] == []


def test_migrations_have_no_other_key_to_a_stores_row() -> None:
    """Of ids alone: `distribute` would not know it."""
    known = {(model._meta.label_lower, key.name) for model, key in KEYS_OF_STORES}
    state = MigrationLoader(None).project_state().apps
    tenants = {model._meta.label_lower for model in DISTRIBUTION.distributed}
    migrated = {
        (model._meta.label_lower, field.name)
        for model in state.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if refers_to(field, tenants)
    }
    assert migrated == known


def refers_to(field: Field, labels: set[str]) -> bool:
    target = field.related_model
    return target is not None and target._meta.label_lower in labels  # type: ignore[union-attr]
