"""Trigrams make a substring search of names, e-mails and phones fast on PostgreSQL."""

from django.db import migrations

POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE INDEX customer_search ON customers_customer
    USING gin (search_text gin_trgm_ops) WHERE deleted_at IS NULL
    """,
]


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX customer_search")


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_ledger_is_append_only")]
    operations = [migrations.RunPython(forwards, backwards)]
