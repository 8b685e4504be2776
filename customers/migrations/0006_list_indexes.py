"""Indexes for the list of staff: by what was spent, the last order, and what is rare."""

from django.db import migrations, models


# who never ordered comes last, as on SQLite, which knows no other order and needs no index for it
LAST_ORDER = """
    CREATE INDEX customer_last_order ON customers_customer
    (store_id, last_order_at DESC NULLS LAST, id DESC) WHERE deleted_at IS NULL
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(LAST_ORDER)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX customer_last_order")


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_staff_groups"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="customer",
            name="customer_owing",
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("account_balance", 0), _negated=True),
                fields=["store", "-account_balance", "-id"],
                name="customer_owing",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["store", "total_spent", "id"],
                name="customer_spent",
            ),
        ),
        migrations.RunPython(forwards, backwards),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("is_blacklisted", True)),
                fields=["store", "id"],
                name="customer_blacklisted",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("is_active", False)),
                fields=["store", "id"],
                name="customer_suspended",
            ),
        ),
    ]
