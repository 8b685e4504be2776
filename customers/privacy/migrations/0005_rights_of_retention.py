"""Managers see the rules of retention; administrators set them."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

MANAGER = ("view_retentionrule",)
RIGHTS = {
    "Manager": MANAGER,
    "Administrator": (*MANAGER, "add_retentionrule", "change_retentionrule"),
}


def add_rights(apps, schema_editor):
    # Permissions are made after the last migration only, and these groups need them now.
    create_permissions(installed.get_app_config("privacy"), apps=apps, verbosity=0)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codes in RIGHTS.items():
        rights = Permission.objects.filter(content_type__app_label="privacy", codename__in=codes)
        for group in Group.objects.filter(name=name):
            group.permissions.add(*rights)


class Migration(migrations.Migration):
    dependencies = [("privacy", "0004_retention"), ("customers", "0005_staff_groups")]
    # Undoing keeps the rights: an administrator may have given them by hand.
    operations = [migrations.RunPython(add_rights, migrations.RunPython.noop)]
