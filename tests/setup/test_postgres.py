"""The project's own database backend for PostgreSQL: JSON as Django writes it."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from customers.models.address import Role
from stores.database.postgres import base

VALUES = [
    {"moment": datetime(2026, 12, 1, 2, 3, 4, 5678, tzinfo=UTC)},
    {"day": date(2026, 12, 1), "time": time(1, 2), "span": timedelta(days=3)},
    {"amount": Decimal("1.230"), "share": 0.1, "many": 1e22, "large": 2**80},
    {"uid": uuid.UUID(int=7), "role": Role.BILLING, "text": 'ü\u2028"\\', "empty": None},
    {"rows": [{"a": (1, 2)}, [], {}]},
    {1: "a key that is no text"},
]


@pytest.mark.parametrize("value", VALUES)
def test_json_is_as_django_writes_it(value: Any) -> None:
    written = json.loads(base.dump_json(value))
    assert written == json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def test_what_has_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        base.dump_json({"rows": object()})
