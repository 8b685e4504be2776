"""A key to sort names by, for now empty: the next migration computes it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0020_restriction_and_objection")]
    operations = [
        migrations.AddField(
            "customer", "name_key", models.BinaryField(default=b"", editable=False, max_length=200)
        ),
    ]
