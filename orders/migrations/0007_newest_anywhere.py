"""Keeps the index for lists of all stores out of the lists of one."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0010_newest_anywhere'),
        ('orders', '0006_revenue_thirds'),
        ('stores', '0002_event_time_of_its_customer'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='order',
            name='orders_newest_anywhere',
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('withdrawn_at', None), ('id__gt', 0)), fields=['-placed_at', '-id'], name='orders_newest_anywhere'),
        ),
    ]
