"""Indexes for customers near their limit, and for what is new in all stores together."""

import django.db.models.expressions
from decimal import Decimal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0006_list_indexes'),
        ('stores', '0002_event_time_of_its_customer'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('account_balance__gt', 0), ('account_balance__gte', django.db.models.expressions.CombinedExpression(models.F('credit_limit'), '*', models.Value(Decimal('0.9'))))), fields=['store', '-account_balance', '-id'], name='customer_near_limit'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('deleted_at', None), ('id__gt', 0)), fields=['-created_at', '-id'], name='customer_newest_anywhere'),
        ),
    ]
