from __future__ import annotations

from typing import Any

from django.contrib.admin import RelatedFieldListFilter

from stores.admin.tenancy import narrowed


class ScopedRelatedFilter(RelatedFieldListFilter):
    """Filter by a related row of the user's stores; hidden when there is only one."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> Any:
        rows = narrowed(field.remote_field.model._default_manager.all(), request)
        return [(row.pk, str(row)) for row in rows]
