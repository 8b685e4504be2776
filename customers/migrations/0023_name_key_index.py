"""Sort lists by the key of names. Its index is made after the keys, which is faster."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0022_fill_name_keys")]
    operations = [
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["store", "name_key", "id"],
                name="customer_name_key",
                condition=models.Q(deleted_at=None),
            ),
        ),
        migrations.RemoveIndex("customer", "customer_name"),
    ]
