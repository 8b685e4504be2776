"""Adds the lists of methods of payment, which managers may change."""

import django.db.models.deletion
from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

RIGHTS = ("add", "change", "delete", "view")
GROUPS = ("Manager", "Administrator")


def grant(apps, schema_editor):
    # Permissions are made after the last migration only, and the groups need these now.
    create_permissions(installed.get_app_config("orders"), apps=apps, verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects.filter(
        codename__in=[f"{right}_paymentmethod" for right in RIGHTS]
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("customers", "0005_staff_groups"),
        ("orders", "0013_external_ids"),
        ("stores", "0005_depots_and_zones"),
    ]
    operations = [
        migrations.CreateModel(
            name="PaymentMethod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=50)),
                ("key", models.CharField(editable=False, max_length=100)),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stores.store",
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.AddConstraint(
            "paymentmethod",
            models.UniqueConstraint(fields=["store", "key"], name="payment_method_once"),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
