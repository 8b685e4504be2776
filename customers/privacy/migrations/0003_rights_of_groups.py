"""Groups get the rights of privacy. Only administrators erase, and download all data of a person."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

CLERK = ("view_privacyrequest", "add_privacyrequest")
MANAGER = (*CLERK, "change_privacyrequest", "view_erasure", "view_erasurereceipt", "view_dataexport")
ADMINISTRATOR = (
    *MANAGER,
    "erase_customer",
    "add_dataexport",
    "download_dataexport",
    "change_erasurereceipt",
)
RIGHTS = {"Clerk": CLERK, "Manager": MANAGER, "Administrator": ADMINISTRATOR}


def add_rights(apps, schema_editor):
    # Permissions are made after the last migration only, and these groups need them now.
    create_permissions(installed.get_app_config("privacy"), apps=apps, verbosity=0)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, codes in RIGHTS.items():
        rights = Permission.objects.filter(content_type__app_label="privacy", codename__in=codes)
        for group in Group.objects.filter(name=name):
            group.permissions.add(*rights)


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0002_requests_exports_receipts"),
        ("customers", "0005_staff_groups"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(add_rights, migrations.RunPython.noop)]
