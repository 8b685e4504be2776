"""What of each house account is open and since when; `orders` fills it, which knows when orders are due."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0007_quick_filters'),
        ('stores', '0002_event_time_of_its_customer'),
    ]

    operations = [
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(editable=False, help_text="Of the order, or else of the ledger's entry.")),
                ('due_on', models.DateField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                ('open_amount', models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charges', to='customers.customer')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('amount__gt', 0)), fields=['store', 'customer', '-due_on', '-id'], name='charges_due_last'), models.Index(condition=models.Q(('open_amount__gt', 0)), fields=['store', 'due_on', 'customer', 'open_amount'], name='charges_open')],
                'constraints': [models.UniqueConstraint(fields=('store', 'customer', 'uid'), name='charge_once'), models.CheckConstraint(condition=models.Q(('open_amount__gte', 0)), name='charge_open_not_negative')],
            },
        ),
    ]
