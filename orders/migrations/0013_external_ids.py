"""Makes external ids of orders unique in their store.

Where several orders have one, all keep it. The first of them has it for itself; the others are marked.
"""

from django.db import migrations, models
from django.db.models import Count, Min, Q


def mark_repeated(apps, schema_editor):
    orders = apps.get_model("orders", "Order").objects.filter(external_id__gt="", withdrawn_at=None)
    ids = orders.order_by().values("store", "external_id")
    shared = ids.annotate(number=Count("pk"), first=Min("pk")).filter(number__gt=1)
    for row in list(shared):
        others = orders.filter(store=row["store"], external_id=row["external_id"])
        others.exclude(pk=row["first"]).update(has_repeated_external_id=True)


class Migration(migrations.Migration):
    dependencies = [("orders", "0012_amounts_of_all_currencies")]
    operations = [
        migrations.AddField(
            "order",
            "has_repeated_external_id",
            models.BooleanField(
                default=False,
                editable=False,
                help_text="Another order had its external id already, before these were unique.",
            ),
        ),
        migrations.AddIndex(
            "order",
            models.Index(
                fields=["store", "external_id"],
                name="orders_by_external_id",
                condition=Q(external_id__gt=""),
            ),
        ),
        migrations.RunPython(mark_repeated, migrations.RunPython.noop, elidable=False),
        migrations.AddConstraint(
            "order",
            models.UniqueConstraint(
                fields=["store", "external_id"],
                name="order_external_id_once",
                condition=Q(
                    external_id__gt="", has_repeated_external_id=False, withdrawn_at=None
                ),
            ),
        ),
    ]
