from __future__ import annotations

from typing import Any

from django.contrib.admin import RelatedFieldListFilter

from stores.admin.tenancy import narrowed, stores_of
from stores.models import Store


class ScopedRelatedFilter(RelatedFieldListFilter):
    """Filter by a related row of the user's stores; hidden when there is only one."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> Any:
        if field.remote_field.model is Store:
            return [(store.pk, str(store)) for store in stores_of(request)]
        rows = narrowed(field.remote_field.model._default_manager.all(), request)
        return [(row.pk, str(row)) for row in rows]

    def has_output(self) -> bool:
        """Return True also for a single store that the URL names: links from other pages do."""
        return super().has_output() or self.lookup_val is not None
