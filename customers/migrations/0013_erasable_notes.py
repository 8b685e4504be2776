"""The notes of a ledger entry may be emptied, when its customer is erased. Nothing else of an entry may change."""

from django.db import migrations, models

FUNCTION = """
    CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {exception}
        RAISE EXCEPTION 'ledger entries are never changed: post a correction'
            USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
"""
ONLY_EMPTIES_NOTES = """
        IF TG_OP = 'UPDATE' AND NEW.notes = '' AND to_jsonb(NEW) - 'notes' = to_jsonb(OLD) - 'notes' THEN
            RETURN NEW;
        END IF;
"""
# SQLite cannot compare whole rows. A later migration that adds a column must make this trigger again.
SQLITE_TRIGGER = """
    CREATE TRIGGER ledger_refuses_update BEFORE UPDATE ON customers_ledgerentry {condition}
    BEGIN SELECT RAISE(ABORT, 'ledger entries are never changed: post a correction'); END
"""


def run(schema_editor, postgresql, sqlite):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION.format(exception=postgresql))
        return
    schema_editor.execute("DROP TRIGGER ledger_refuses_update")
    schema_editor.execute(SQLITE_TRIGGER.format(condition=sqlite))


def changes_more_than_notes(connection):
    """Return the condition of SQLite's trigger, of all columns that the table has now."""
    if connection.vendor == "postgresql":
        return ""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "customers_ledgerentry")
    same = [f"new.{column.name} IS old.{column.name}" for column in columns if column.name != "notes"]
    return f"WHEN NOT (new.notes = '' AND {' AND '.join(same)})"


def forwards(apps, schema_editor):
    condition = changes_more_than_notes(schema_editor.connection)
    run(schema_editor, ONLY_EMPTIES_NOTES, condition)


def backwards(apps, schema_editor):
    run(schema_editor, "", "")


class Migration(migrations.Migration):
    dependencies = [("customers", "0012_renew_canonical_forms")]
    operations = [
        migrations.RunPython(forwards, backwards),
        migrations.AlterField(
            model_name="customer",
            name="withdrawn_at",
            field=models.DateTimeField(
                editable=False,
                help_text="Deleted together with its orders, or erased; no API shows it again.",
                null=True,
            ),
        ),
    ]
