"""Indexes that have all columns of reports about an earlier day, so that these read no rows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0039_plain_words'),
        ('stores', '0015_plain_words'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='charge',
            name='charges_settled',
        ),
        migrations.RemoveIndex(
            model_name='ledgerentry',
            name='entries_of_days',
        ),
        migrations.AddIndex(
            model_name='charge',
            index=models.Index(models.F('store'), models.Func('settled_on', output_field=models.DateField(), template="COALESCE(%(expressions)s, '9999-12-31')"), models.F('posted_at'), models.F('due_on'), models.F('id'), models.F('settled_on'), name='charges_settled_since'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['store', 'account', 'created_at', 'paid_on', 'customer', 'amount'], name='entries_since'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(condition=models.Q(('reason__in', ('merge', 'unmerge'))), fields=['store', 'created_at'], name='entries_of_transfers'),
        ),
    ]
