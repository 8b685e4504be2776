from __future__ import annotations

import pytest
from django.db import Error, connection, transaction

from customers.models import LedgerEntry
from tests.factories import OrderFactory


@pytest.fixture
def entry(ada):
    OrderFactory(customer=ada, on_account=True)
    return LedgerEntry.objects.get()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE customers_ledgerentry SET amount = 1",
        "UPDATE customers_ledgerentry SET notes = 'x'",
        "DELETE FROM customers_ledgerentry",
    ],
)
def test_database_refuses_to_change_an_entry(entry, statement):
    with (
        pytest.raises(Error, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert LedgerEntry.objects.get().amount == entry.amount
