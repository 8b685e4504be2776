"""Lines tell how much of them credit notes took back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0010_append_only_payments")]

    operations = [
        migrations.AddField(
            "orderline",
            "credited_quantity",
            models.DecimalField(
                decimal_places=3, default=0, help_text="By credit notes.", max_digits=10
            ),
        ),
        migrations.AddConstraint(
            "orderline",
            models.CheckConstraint(
                condition=models.Q(
                    ("credited_quantity__gte", 0),
                    ("credited_quantity__lte", models.F("quantity")),
                ),
                name="line_credited_within_quantity",
            ),
        ),
    ]
