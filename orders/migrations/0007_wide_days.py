"""Lets what a store sells in a day be more than any one order comes to."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0006_revenue_thirds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dailysales",
            name="revenue",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=20),
        ),
    ]
