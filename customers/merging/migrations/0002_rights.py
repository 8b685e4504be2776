"""Let managers and administrators merge customers."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ("Manager", "Administrator")
RIGHTS = ("merge_customer", "view_merge")


def give_rights(apps, schema_editor):
    # permissions are made after the last migration only, and these groups need them now
    create_permissions(installed.get_app_config("merging"), apps=apps, verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="merging", codename__in=RIGHTS
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [("merging", "0001_merges"), ("customers", "0005_staff_groups")]
    # Undoing keeps the rights: an administrator may have given them by hand.
    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
