"""What a migration does to the rows of a book that is distributed already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.services.filling import fill_match_keys
from customers.services.filling_words import fill_customer_words
from stores.models import Store
from tests.distribution.grammar import tables
from tests.distribution.statements import normalize, parse
from tests.factories import CustomerFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.mark.parametrize("fill", [fill_match_keys, fill_customer_words])
def test_a_new_table_is_filled_without_joins(fill: Callable[[Any], int], store: Store) -> None:
    """It is not distributed yet, and Citus joins such a table with none that is."""
    CustomerFactory(store=store, name="Ann Lee")
    with CaptureQueriesContext(connection) as queries:
        fill(apps)
    statements = [text for query in queries if (text := normalize(query["sql"]))]
    assert statements
    for text in statements:
        assert len({source.table for source in parse(text).sources(tables()[0])}) <= 1, text
