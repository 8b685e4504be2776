"""Indexes that have all columns of reports about an earlier day, so that these read no rows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0040_indexes_of_earlier_days'),
        ('orders', '0026_plain_words'),
        ('stores', '0015_plain_words'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='allocation',
            name='allocations_of_days',
        ),
        migrations.AddIndex(
            model_name='allocation',
            index=models.Index(fields=['store', 'effective_on', 'charge', 'customer', 'amount'], name='allocations_since'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(condition=models.Q(('kind', 'charge')), fields=['store', 'created_at'], name='payments_put_on_account'),
        ),
    ]
