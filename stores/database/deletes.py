"""Deletes whose statements name the store of the rows, which Django's own find by their ids alone."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.db.models.deletion import Collector


class StoreCollector(Collector):
    """Django's, for rows that all belong to a store. Sends no signals."""

    def delete(self) -> tuple[int, dict[str, int]]:
        for model in self.models_of_stores():
            instances: Any = self.data.pop(model)
            for store_id in {row.store_id for row in instances}:
                keys = [row.pk for row in instances if row.store_id == store_id]
                rows = model._base_manager.using(self.using).filter(store=store_id, pk__in=keys)
                self.fast_deletes.append(rows)
        return super().delete()

    def models_of_stores(self) -> list[Any]:
        """Those to delete from, each after those that refer to it."""
        self.sort()
        return [model for model in self.data if has_store(model)]


def has_store(model: type[Model]) -> bool:
    return any(field.attname == "store_id" for field in model._meta.concrete_fields)


def delete_with_store(rows: Any, using: str) -> tuple[int, dict[str, int]]:
    """Delete a row, or what a queryset finds, and what the models' keys say goes with them."""
    collector = StoreCollector(using=using, origin=rows)
    collector.collect([rows] if isinstance(rows, Model) else rows)
    return collector.delete()
