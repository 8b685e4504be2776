"""What each store sold on each day, summed up from the orders there are."""

from datetime import UTC
from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate


def fill(apps, schema_editor):
    Order = apps.get_model("orders", "Order")
    DailySales = apps.get_model("orders", "DailySales")
    counting = Order.objects.filter(withdrawn_at=None).exclude(status="cancelled").order_by()
    days = counting.annotate(day=TruncDate("placed_at", tzinfo=UTC)).values_list("store_id", "day")
    sums = days.annotate(count=Count("pk"), revenue=Sum(F("total") - F("refunded_amount")))
    rows = [
        DailySales(store_id=store, day=day, orders=count, revenue=round(Decimal(revenue), 2))
        for store, day, count, revenue in sums
    ]
    DailySales.objects.bulk_create(rows, batch_size=5000)


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0003_quick_filters'),
        ('stores', '0002_event_time_of_its_customer'),
    ]

    operations = [
        migrations.CreateModel(
            name='DailySales',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('orders', models.IntegerField(default=0)),
                ('revenue', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
            options={
                'verbose_name_plural': 'daily sales',
                'constraints': [models.UniqueConstraint(fields=('store', 'day'), name='sales_once_a_day')],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
