"""Indexes for orders that are not just paid or on account, and for what is new in all stores together."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0007_quick_filters'),
        ('orders', '0002_revenue_index'),
        ('stores', '0002_event_time_of_its_customer'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='order',
            name='orders_unpaid',
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('payment_status__in', ['pending', 'partially_paid']), ('withdrawn_at', None), models.Q(('status', 'cancelled'), _negated=True)), fields=['store', 'due_on', 'id'], name='orders_unpaid'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('payment_status', 'succeeded'), _negated=True), fields=['store', 'payment_status', '-id'], name='orders_not_just_paid'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('is_on_account', True)), fields=['store', '-id'], name='orders_on_account'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('withdrawn_at', None), ('id__gt', 0)), fields=['-placed_at', '-id'], name='orders_newest_anywhere'),
        ),
    ]
