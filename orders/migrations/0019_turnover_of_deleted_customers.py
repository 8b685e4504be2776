"""Counts orders that were deleted with their customer in the daily sales again: what was sold was sold."""

from collections import defaultdict
from datetime import UTC
from decimal import Decimal

from django.db import migrations, models


def add_withdrawn(apps, schema_editor, sign=1):
    orders = apps.get_model("orders", "Order").objects
    sums = defaultdict(lambda: [0, Decimal(0)])
    counting = orders.filter(withdrawn_at__isnull=False).exclude(status="cancelled")
    for order in counting.order_by("pk").iterator():
        day = sums[order.store_id, order.placed_at.astimezone(UTC).date()]
        day[0] += sign
        day[1] += sign * (order.total - order.refunded_amount - order.credited_amount)
    for (store, day), (count, revenue) in sums.items():
        rows = apps.get_model("orders", "DailySales").objects
        row, _ = rows.get_or_create(store_id=store, day=day)
        rows.filter(store_id=store, pk=row.pk).update(
            orders=row.orders + count, revenue=row.revenue + revenue
        )


def remove_withdrawn(apps, schema_editor):
    add_withdrawn(apps, schema_editor, sign=-1)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0024_amounts_of_all_currencies"),
        ("orders", "0014_payment_methods"),
        ("stores", "0007_holds"),
    ]
    operations = [
        migrations.RemoveIndex("order", "orders_newest_anywhere"),
        migrations.RemoveIndex("order", "orders_revenue"),
        migrations.AddIndex(
            "order",
            models.Index(
                condition=models.Q(("id__gt", 0)),
                fields=["-placed_at", "-id"],
                name="orders_newest_anywhere",
            ),
        ),
        migrations.AddIndex(
            "order",
            models.Index(
                condition=models.Q(("status", "cancelled"), _negated=True),
                fields=[
                    "store",
                    "placed_at",
                    "customer",
                    "total",
                    "refunded_amount",
                    "credited_amount",
                ],
                name="orders_revenue",
            ),
        ),
        migrations.RunPython(add_withdrawn, remove_withdrawn),
    ]
