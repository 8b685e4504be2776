"""Indexes for reports about days: of postings, and of charges that were open on a day."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0030_consents_can_move'),
        ('stores', '0007_holds'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='charge',
            index=models.Index(condition=models.Q(('settled_on__isnull', False)), fields=['store', 'settled_on'], name='charges_settled'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(fields=['store', 'account', 'created_at'], name='entries_of_days'),
        ),
    ]
