"""Take depots and delivery zones over from the app `stores`. Their tables stay as they are.

Permissions and log entries refer to the model's row in `django_content_type`. That row gets the new app, so
that groups keep their permissions.
"""

import django.db.models.deletion
import stores.models.base
from django.db import migrations, models

MODELS = ("depot", "deliveryzone")


def move_content_types(apps, former_app, new_app):
    ContentType = apps.get_model("contenttypes", "ContentType")
    LogEntry = apps.get_model("admin", "LogEntry")
    for content_type in ContentType.objects.filter(app_label=former_app, model__in=MODELS):
        # a server that runs the other release on this database creates a second row
        duplicates = ContentType.objects.filter(app_label=new_app, model=content_type.model)
        LogEntry.objects.filter(content_type__in=duplicates).update(content_type=content_type)
        duplicates.delete()
        content_type.app_label = new_app
        content_type.save()


def move_to_customers(apps, schema_editor):
    move_content_types(apps, "stores", "customers")


def move_to_stores(apps, schema_editor):
    move_content_types(apps, "customers", "stores")


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0010_no_store_index"),
        ("stores", "0004_names_in_one_line"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Depot",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("name", models.CharField(max_length=200)),
                        ("store", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store")),
                    ],
                    options={
                        "db_table": "stores_depot",
                        "ordering": ["name", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryZone",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uid", models.UUIDField(default=stores.models.base.new_uid, editable=False)),
                        ("name", models.CharField(max_length=200)),
                        ("reference", models.CharField(blank=True, max_length=200)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
                        ("store", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stores.store")),
                    ],
                    options={
                        "db_table": "stores_deliveryzone",
                        "ordering": ["name", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("store", "uid"), name="zone_uid_once"),
                            models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="zone_has_name"),
                        ],
                    },
                ),
                migrations.AlterField(
                    model_name="customer",
                    name="default_depot",
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="customers.depot"),
                ),
                migrations.AlterField(
                    model_name="address",
                    name="delivery_zone",
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="addresses", to="customers.deliveryzone"),
                ),
            ],
        ),
        migrations.RunPython(move_to_customers, move_to_stores),
    ]
