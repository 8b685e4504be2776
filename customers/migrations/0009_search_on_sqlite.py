"""SQLite finds parts of words through trigrams, too: a full-text table that triggers keep."""

from django.db import migrations

TABLE = "CREATE VIRTUAL TABLE customers_search USING fts5(search_text, tokenize='trigram case_sensitive 1')"
FILL = "INSERT INTO customers_search (rowid, search_text) SELECT id, search_text FROM customers_customer"
TRIGGERS = {
    "search_inserts": """AFTER INSERT ON customers_customer BEGIN
        INSERT INTO customers_search (rowid, search_text) VALUES (new.id, new.search_text);
    END""",
    "search_updates": """AFTER UPDATE OF search_text ON customers_customer
        WHEN old.search_text <> new.search_text BEGIN
        UPDATE customers_search SET search_text = new.search_text WHERE rowid = new.id;
    END""",
    "search_deletes": """AFTER DELETE ON customers_customer BEGIN
        DELETE FROM customers_search WHERE rowid = old.id;
    END""",
}


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    schema_editor.execute(TABLE)
    schema_editor.execute(FILL)
    for name, does in TRIGGERS.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {does}")


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for name in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}")
    schema_editor.execute("DROP TABLE customers_search")


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_charges"),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]
