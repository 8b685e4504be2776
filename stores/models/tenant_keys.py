"""Foreign keys from a row of a store to another row of the same store.

Where such a key joins two tables, or finds the rows of an instance, the SQL names the store besides the id.
A distributed database can then answer from one machine, and needs it: there an id alone is not unique.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.expressions import Col
from django.db.models.fields.related_lookups import RelatedExact, RelatedIn
from django.db.models.lookups import Exact, In


def store_column(model: Any, alias: str) -> Col:
    column: Col = model._meta.get_field("store").get_col(alias)
    return column


class _StoreOfInstances:
    """Mixin that adds the store of the instances that a lookup compares with: `filter(customer=customer)`."""

    lhs: Any
    rhs: Any
    store_ids: frozenset[int] = frozenset()

    def get_prep_lookup(self) -> Any:
        rows = self.rhs if isinstance(self.rhs, list | tuple | set) else [self.rhs]
        if isinstance(self.lhs, Col) and all(isinstance(row, models.Model) for row in rows):
            self.store_ids = frozenset(row.store_id for row in rows)
        return super().get_prep_lookup()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        sql, params = super().as_sql(compiler, connection)
        if not self.store_ids:
            return sql, params
        store = store_column(self.lhs.target.model, self.lhs.alias)
        ids = sorted(self.store_ids)
        lookup: Any = Exact(store, ids[0]) if len(ids) == 1 else In(store, ids)
        store_sql, store_params = compiler.compile(lookup)
        return f"({sql} AND {store_sql})", [*params, *store_params]


class TenantExact(_StoreOfInstances, RelatedExact):
    pass


class TenantIn(_StoreOfInstances, RelatedIn):
    pass


if TYPE_CHECKING:  # type checkers know where Django's own keys lead
    TenantForeignKey = models.ForeignKey
    TenantOneToOneField = models.OneToOneField
else:

    class TenantForeignKey(models.ForeignKey):
        def get_extra_restriction(self, alias, related_alias):
            """Return that the row of `related_alias`, which has the key, is of the store of the other one."""
            if alias is None:  # the other one is left out of the query
                return None
            target = store_column(self.related_model, alias)
            return Exact(target, store_column(self.model, related_alias))

        def get_extra_descriptor_filter(self, instance):
            return {"store": instance.store_id}

        def validate(self, value, model_instance):
            """Ask for no row that was assigned itself: whoever chose it has read it, with its store."""
            if not self.is_cached(model_instance):
                super().validate(value, model_instance)

        def deconstruct(self):
            """In migrations it is Django's own: the column is the same."""
            name, _, args, kwargs = super().deconstruct()
            return name, "django.db.models.ForeignKey", args, kwargs

    class TenantOneToOneField(TenantForeignKey, models.OneToOneField):
        def deconstruct(self):
            name, _, args, kwargs = super().deconstruct()
            return name, "django.db.models.OneToOneField", args, kwargs

    for lookup in (TenantExact, TenantIn):
        TenantForeignKey.register_lookup(lookup)
