"""Trigrams make staff's search fast: an index on PostgreSQL, on SQLite a full-text table that triggers keep."""

from django.db import migrations

POSTGRESQL = """
    CREATE INDEX customer_words_search ON customers_customerwords USING gin (words gin_trgm_ops)
"""
TABLE = "CREATE VIRTUAL TABLE customers_words_search USING fts5(words, tokenize='trigram case_sensitive 1')"
FILL = """
    INSERT INTO customers_words_search (rowid, words)
    SELECT customer_id, words FROM customers_customerwords
"""
TRIGGERS = {
    "words_inserts": """AFTER INSERT ON customers_customerwords BEGIN
        INSERT INTO customers_words_search (rowid, words) VALUES (new.customer_id, new.words);
    END""",
    "words_updates": """AFTER UPDATE OF words ON customers_customerwords
        WHEN old.words <> new.words BEGIN
        UPDATE customers_words_search SET words = new.words WHERE rowid = new.customer_id;
    END""",
    "words_deletes": """AFTER DELETE ON customers_customerwords BEGIN
        DELETE FROM customers_words_search WHERE rowid = old.customer_id;
    END""",
}


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    schema_editor.execute(TABLE)
    schema_editor.execute(FILL)
    for name, does in TRIGGERS.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {does}")


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX customer_words_search")
        return
    for name in TRIGGERS:
        schema_editor.execute(f"DROP TRIGGER {name}")
    schema_editor.execute("DROP TABLE customers_words_search")


class Migration(migrations.Migration):
    dependencies = [("customers", "0027_fill_customer_words")]
    operations = [migrations.RunPython(forwards, backwards)]
