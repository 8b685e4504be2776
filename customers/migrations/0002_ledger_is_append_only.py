"""Entries of the ledger are never changed: a trigger refuses UPDATE and DELETE on both engines."""

from django.db import migrations

POSTGRESQL = [
    """
    CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'ledger entries are never changed: post a correction'
            USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER ledger_is_append_only BEFORE UPDATE OR DELETE ON customers_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()
    """,
]
SQLITE = [
    f"""
    CREATE TRIGGER ledger_refuses_{event.lower()} BEFORE {event} ON customers_ledgerentry
    BEGIN SELECT RAISE(ABORT, 'ledger entries are never changed: post a correction'); END
    """
    for event in ("UPDATE", "DELETE")
]
UNDO_POSTGRESQL = [
    "DROP TRIGGER ledger_is_append_only ON customers_ledgerentry",
    "DROP FUNCTION refuse_ledger_change()",
]
UNDO_SQLITE = ["DROP TRIGGER ledger_refuses_update", "DROP TRIGGER ledger_refuses_delete"]


def run(schema_editor, postgresql, sqlite):
    for statement in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(statement)


def forwards(apps, schema_editor):
    run(schema_editor, POSTGRESQL, SQLITE)


def backwards(apps, schema_editor):
    run(schema_editor, UNDO_POSTGRESQL, UNDO_SQLITE)


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
