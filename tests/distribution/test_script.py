"""`manage.py distribute`, run on plain PostgreSQL with stand-ins for what only Citus can do."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import IntegrityError, connection, transaction
from django.db.models import PositiveSmallIntegerField

from customers.models import Address, Contact, Customer
from stores.distribution.schema import DistributedSchemaEditor
from stores.models import Store
from tests.distribution import stand_in
from tests.distribution.stand_in import distribute, printed
from tests.factories import CustomerFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
REFERENCES = {"stores_store", "customers_loginemail"}
KEYS_OF = "FROM pg_constraint WHERE contype = 'f' AND conrelid = '{}'::regclass"
MOVES = ("SELECT create_", "SELECT truncate_")


@pytest.fixture(autouse=True)
def citus(db: None) -> None:
    stand_in.install()


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows(query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def keys_of(table: str) -> set[str]:
    """The foreign keys of a table, as PostgreSQL shows them."""
    found = rows(f"SELECT pg_get_constraintdef(oid) {KEYS_OF.format(table)}")
    return {text.removesuffix(" DEFERRABLE INITIALLY DEFERRED") for (text,) in found}


def test_every_key_between_rows_of_a_store_names_the_store() -> None:
    distribute()
    assert keys_of("customers_address") == {
        "FOREIGN KEY (store_id) REFERENCES stores_store(id)",
        "FOREIGN KEY (store_id, customer_id) REFERENCES customers_customer(store_id, id)",
        "FOREIGN KEY (store_id, delivery_zone_id) REFERENCES stores_deliveryzone(store_id, id)",
    }
    assert keys_of("customers_loginemail") == {"FOREIGN KEY (store_id) REFERENCES stores_store(id)"}


def test_a_row_cannot_point_into_another_store(store: Store, other_store: Store) -> None:
    distribute()
    customer = CustomerFactory(store=store)
    Address.objects.create(store=other_store, customer_id=customer.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        run("SET CONSTRAINTS ALL IMMEDIATE")
    Address.objects.all().delete()


def test_each_table_of_a_store_is_distributed_once() -> None:
    distribute()
    kinds = dict(rows("SELECT logicalrelid::text, kind FROM pg_dist_partition"))
    assert {name for name, kind in kinds.items() if kind == "reference"} == REFERENCES
    assert len([kind for kind in kinds.values() if kind == "distributed"]) == 55
    assert kinds["stores_sentform"] == kinds["stores_idempotentrequest"] == "local"
    assert [line for line in printed() if not line.startswith("--")] == []


def test_all_but_the_freeing_of_space_is_one_transaction() -> None:
    lines = [line for line in printed() if not line.startswith("--")]
    assert lines[:2] == ["\\set ON_ERROR_STOP on", "BEGIN;"]
    after = lines[lines.index("COMMIT;") + 1 :]
    assert after
    assert all("truncate_local_data_after_distributing_table" in line for line in after)


def test_ids_go_on_after_the_largest_one(store: Store) -> None:
    """Citus lets those of tables that it takes over begin at 1."""
    largest = Group.objects.latest("pk").pk
    lines = printed()
    run("ALTER SEQUENCE auth_group_id_seq RESTART")
    run(*(line for line in lines if "auth_group'" in line))
    assert Group.objects.create(name="new").pk > largest


def test_ids_are_set_after_the_key_that_lets_them_begin_again() -> None:
    """A local table that a migration made: Citus takes it over when it gets its key to the stores."""
    distribute()
    for (name,) in rows(f"SELECT conname {KEYS_OF.format('stores_savedview')}"):
        run(f"ALTER TABLE stores_savedview DROP CONSTRAINT {name}")
    lines = printed()
    key = next(line for line in lines if line.startswith("ALTER TABLE stores_savedview ADD"))
    ids = next(line for line in lines if "'stores_savedview', 'id'" in line)
    assert lines.index(key) < lines.index(ids) < lines.index("COMMIT;")


def test_ids_never_go_back() -> None:
    run("SELECT setval('auth_group_id_seq', 5000)")
    distribute()
    assert Group.objects.create(name="new").pk > 5000


@pytest.fixture
def new_table() -> str:
    """Contacts, as a migration makes their table: without the store in any key."""
    distribute()
    run(
        "DELETE FROM pg_dist_partition WHERE logicalrelid = 'customers_contact'::regclass",
        "ALTER TABLE customers_contact DROP CONSTRAINT customers_contact_pkey",
        "ALTER TABLE customers_contact ADD CONSTRAINT customers_contact_pkey PRIMARY KEY (id)",
    )
    for (name,) in rows(f"SELECT conname {KEYS_OF.format('customers_contact')}"):
        run(f"ALTER TABLE customers_contact DROP CONSTRAINT {name}")
    return "customers_contact"


def test_only_a_new_table_is_distributed_later(new_table: str) -> None:
    lines = distribute()
    assert [line for line in lines if line.startswith(MOVES)] == [
        "SELECT create_distributed_table('customers_contact', 'store_id', colocate_with => 'stores_event');",
        "SELECT truncate_local_data_after_distributing_table('customers_contact');",
    ]
    assert {line.split()[2] for line in lines if line.startswith("ALTER TABLE")} == {new_table}
    assert keys_of(new_table) == {
        "FOREIGN KEY (store_id) REFERENCES stores_store(id)",
        "FOREIGN KEY (store_id, customer_id) REFERENCES customers_customer(store_id, id)",
    }
    assert [line for line in printed() if not line.startswith("--")] == []


@pytest.mark.parametrize("is_distributed", [True, False])
def test_a_migration_leaves_foreign_keys_to_the_script(
    monkeypatch: pytest.MonkeyPatch, is_distributed: bool
) -> None:
    """With Django's own a new table could not be distributed."""

    modes = []

    def make_contacts(*arguments: Any, **options: Any) -> None:
        modes.extend(rows("SELECT current_setting('citus.multi_shard_modify_mode', true)"))
        with connection.schema_editor(atomic=False) as editor:
            editor.create_model(Contact)

    monkeypatch.setattr(migrate.Command, "handle", make_contacts)
    run(
        "DROP TABLE customers_contact",
        "SELECT 1" if is_distributed else "DROP VIEW citus_tables",
    )
    call_command("migrate")
    assert bool(keys_of("customers_contact")) is not is_distributed
    assert (modes == [("sequential",)]) is is_distributed
    assert connection.features.supports_foreign_keys


def test_a_column_is_added_before_its_check() -> None:
    """Citus takes no column with a CHECK, such as that of a positive number."""
    seats = PositiveSmallIntegerField(default=1)
    seats.set_attributes_from_name("seats")
    seats.model = Store
    with DistributedSchemaEditor(connection, collect_sql=True) as editor:
        editor.add_field(Store, seats)
    column, *_, check = (line for line in editor.collected_sql if "ADD" in line)
    assert 'ADD COLUMN "seats"' in column
    assert "CHECK" not in column
    assert 'CHECK ("seats" >= 0)' in check


def test_a_restored_dump_is_distributed_with_the_keys_that_it_has() -> None:
    distribute()
    before = keys_of("orders_order")
    run("DELETE FROM pg_dist_partition")
    lines = distribute()
    assert not [line for line in lines if "PRIMARY KEY" in line]
    assert keys_of("orders_order") == before
    assert Customer.objects.count() == 0
