"""Keeps the index for lists of all stores out of the lists of one."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0009_search_on_sqlite'),
        ('stores', '0002_event_time_of_its_customer'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='customer',
            name='customer_newest_anywhere',
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('deleted_at', None), ('id__gt', 0)), fields=['-created_at', '-id'], name='customer_newest_anywhere'),
        ),
    ]
