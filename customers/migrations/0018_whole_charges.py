"""Charges have their whole amount, of which allocations pay a part: what is open is never more than that."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0017_entry_days"),
        ("orders", "0009_allocate_book"),
    ]

    operations = [
        migrations.AlterField(
            "charge", "posted_at", models.DateTimeField(default=django.utils.timezone.now)
        ),
        migrations.AddConstraint(
            "charge",
            models.CheckConstraint(
                condition=models.Q(
                    ("open_amount__gte", 0), ("open_amount__lte", models.F("amount"))
                ),
                name="charge_open_within_amount",
            ),
        ),
    ]
