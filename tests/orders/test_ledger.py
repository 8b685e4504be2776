from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import Error, connection, transaction

from customers.models import LedgerEntry
from customers.models.ledger import Account
from orders.services.accounts import post_entry
from stores.actors import SYSTEM
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
        "UPDATE customers_ledgerentry SET notes = '', amount = 1",
        "UPDATE customers_ledgerentry SET notes = '', order_uid = NULL",
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


def test_database_lets_only_the_note_become_empty(ada):
    target = ada.as_queryset()
    post_entry(target, SYSTEM, Account.LOYALTY, Decimal(5), notes="Ada's birthday")
    LedgerEntry.objects.update(notes="")
    assert LedgerEntry.objects.get().notes == ""


@pytest.mark.parametrize(
    "column",
    [f.column for f in LedgerEntry._meta.concrete_fields if f.column not in ("id", "notes")],
)
def test_no_other_column_changes_with_the_note(entry, column):
    """A migration that adds a column must make SQLite's trigger anew: it names each column."""
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL's trigger compares whole rows.")
    with (
        pytest.raises(Error, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE customers_ledgerentry SET notes = '', {column} = 'x'")
