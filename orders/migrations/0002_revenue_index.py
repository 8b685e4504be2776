"""Indexes for the start page and for the orders somebody still has to do."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0006_list_indexes"),
        ("orders", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    models.Q(("status", "delivered"), _negated=True),
                    models.Q(("status", "cancelled"), _negated=True),
                ),
                fields=["store", "status", "-id"],
                name="orders_to_do",
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    ("withdrawn_at", None), models.Q(("status", "cancelled"), _negated=True)
                ),
                fields=["store", "placed_at", "customer", "total", "refunded_amount"],
                name="orders_revenue",
            ),
        ),
    ]
