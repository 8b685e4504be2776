"""Takes away the index on the store alone: others begin with it, and it made searches of large stores slower.

SQLite would make the whole table anew, without its triggers, for Django's own operation.
"""

import django.db.models.deletion
from django.db import migrations, models

NAME = "customers_customer_store_id_3de17114"


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_search_on_sqlite"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX {NAME}", f"CREATE INDEX {NAME} ON customers_customer (store_id)"
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="customer",
                    name="store",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
            ],
        ),
    ]
