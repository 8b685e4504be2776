"""What an order was placed with never changes, nor do its lines: a trigger refuses it, and to delete them.

The trigger names columns, so it costs nothing where an order's status or payment changes.
"""

from django.db import migrations

REFUSAL = "an order stays as it was placed: make a credit note"
COLUMNS = {
    "orders_order": (
        "id", "store_id", "uid", "year", "sequence", "number", "currency", "subtotal", "discount_amount",
        "tax_amount", "shipping_amount", "total", "unit_count", "is_on_account", "due_on", "external_id",
        "has_repeated_external_id", "placed_at", "created_at",
    ),
    "orders_orderline": (
        "id", "store_id", "order_id", "uid", "position", "product_id", "product_name", "quantity",
        "unit_price", "discount_amount", "total",
    ),
}  # fmt: skip
FUNCTION = f"""
    CREATE FUNCTION refuse_order_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
"""


def postgresql():
    yield FUNCTION
    for table, columns in COLUMNS.items():
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)
        refuses = "EXECUTE FUNCTION refuse_order_change()"
        yield f"""
            CREATE TRIGGER {table}_stays_as_placed BEFORE UPDATE OF {", ".join(columns)} ON {table}
            FOR EACH ROW WHEN ({changed}) {refuses}
        """
        yield f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} FOR EACH ROW {refuses}"


def undo_postgresql():
    for table in COLUMNS:
        yield f"DROP TRIGGER {table}_stays_as_placed ON {table}"
        yield f"DROP TRIGGER {table}_stays ON {table}"
    yield "DROP FUNCTION refuse_order_change()"


def sqlite():
    aborts = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table, columns in COLUMNS.items():
        changed = " OR ".join(f"new.{name} IS NOT old.{name}" for name in columns)
        yield f"""
            CREATE TRIGGER {table}_refuses_update BEFORE UPDATE OF {", ".join(columns)} ON {table}
            WHEN {changed} {aborts}
        """
        yield f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} {aborts}"


def undo_sqlite():
    for table in COLUMNS:
        for event in ("update", "delete"):
            yield f"DROP TRIGGER {table}_refuses_{event}"


def forwards(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for statement in postgresql() if is_postgres else sqlite():
        schema_editor.execute(statement, params=None)


def backwards(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for statement in undo_postgresql() if is_postgres else undo_sqlite():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("orders", "0024_words")]
    operations = [migrations.RunPython(forwards, backwards)]
