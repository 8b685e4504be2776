"""Lets a merge of customers give consents to the survivor. What was said is still never changed."""

from importlib import import_module

from django.db import migrations

former = import_module("customers.migrations.0014_consent_proof")
POSTGRESQL = f"""
    CREATE OR REPLACE FUNCTION refuse_consent_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.evidence = '{{}}'::jsonb
            AND to_jsonb(NEW) - 'evidence' = to_jsonb(OLD) - 'evidence' THEN
            RETURN NEW;
        END IF;
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'customer_id' = to_jsonb(OLD) - 'customer_id' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION '{former.REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
"""
UNDO_POSTGRESQL = former.POSTGRESQL[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def sqlite_trigger(connection):
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, "customers_consentchange")
    same = {column.name: f"new.{column.name} IS old.{column.name}" for column in table}
    erased = [text for name, text in same.items() if name != "evidence"]
    moved = [text for name, text in same.items() if name != "customer_id"]
    allowed = f"(new.evidence = '{{}}' AND {' AND '.join(erased)}) OR ({' AND '.join(moved)})"
    return (
        "CREATE TRIGGER consent_refuses_update BEFORE UPDATE ON customers_consentchange"
        f" WHEN NOT ({allowed}) {former.ABORT}"
    )


def allow_moves(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    schema_editor.execute("DROP TRIGGER consent_refuses_update")
    schema_editor.execute(sqlite_trigger(schema_editor.connection), params=None)


def refuse_moves(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNDO_POSTGRESQL, params=None)
        return
    schema_editor.execute("DROP TRIGGER consent_refuses_update")
    schema_editor.execute(former.sqlite_triggers(schema_editor.connection)[0], params=None)


class Migration(migrations.Migration):
    dependencies = [("customers", "0029_bulk_runs")]
    operations = [migrations.RunPython(allow_moves, refuse_moves)]
