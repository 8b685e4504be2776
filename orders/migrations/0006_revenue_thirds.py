"""The revenue that thirds of the customers begin at, as the worker measures it."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0005_charges'),
        ('stores', '0002_event_time_of_its_customer'),
    ]

    operations = [
        migrations.CreateModel(
            name='RevenueThirds',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('middle', models.DecimalField(decimal_places=2, max_digits=14)),
                ('high', models.DecimalField(decimal_places=2, max_digits=14)),
                ('customers', models.PositiveIntegerField(help_text='How many are divided.')),
                ('measured_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
            options={
                'verbose_name_plural': 'revenue thirds',
                'constraints': [models.UniqueConstraint(fields=('store',), name='thirds_once_a_store')],
            },
        ),
    ]
