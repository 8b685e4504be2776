"""Leave depots and delivery zones, with their tables, to the app `customers`."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0004_names_in_one_line"),
        ("customers", "0011_depots_and_zones"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="Depot"),
                migrations.DeleteModel(name="DeliveryZone"),
            ],
        ),
    ]
