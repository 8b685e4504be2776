"""Adds the page of reports, for everyone of the staff, and an index for the days of payments."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

GROUPS = ("Viewer", "Clerk", "Manager", "Administrator")


def grant(apps, schema_editor):
    # Permissions are made after the last migration only, and the groups need these now.
    create_permissions(installed.get_app_config("orders"), apps=apps, verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects.filter(codename="view_report")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*permissions)


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('customers', '0005_staff_groups'),
        ('orders', '0019_turnover_of_deleted_customers'),
        ('stores', '0007_holds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
            ],
            options={
                'permissions': [],
                'proxy': True,
                'default_permissions': ['view'],
                'indexes': [],
                'constraints': [],
            },
            bases=('orders.order',),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['store', 'created_at'], name='payments_of_days'),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["store", "effective_on"], name="allocations_of_days"),
        ),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
