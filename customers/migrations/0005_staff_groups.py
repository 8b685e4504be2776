"""The groups that staff are put into, and what each of them may do."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

APPS = ("stores", "customers", "orders", "auth")

SEEN = {
    "customers": "customer deletedcustomer address contact tag ledgerentry consentchange",
    "orders": "order orderline payment creditcheck",
    "stores": "store depot deliveryzone event",
}
VIEWER = {f"{app}.view_{model}" for app, models in SEEN.items() for model in models.split()}
CLERK = VIEWER | {
    "customers.add_customer",
    "customers.change_customer",
    "customers.add_address",
    "customers.change_address",
    "customers.delete_address",
    "customers.add_contact",
    "customers.change_contact",
    "customers.delete_contact",
    "customers.add_tag",
    "customers.change_tag",
    "customers.post_entry",
    "orders.add_order",
    "orders.change_order",
    "orders.add_payment",
}
MANAGER = CLERK | {
    "customers.change_terms",
    "customers.export_customer",
    "customers.delete_customer",
    "customers.change_deletedcustomer",
    "customers.delete_tag",
    "orders.add_creditcheck",
    "orders.change_payment",
    "stores.add_depot",
    "stores.change_depot",
    "stores.delete_depot",
    "stores.add_deliveryzone",
    "stores.change_deliveryzone",
    "stores.delete_deliveryzone",
    "stores.view_webhookendpoint",
    "stores.view_webhookdelivery",
}
ADMINISTRATOR = MANAGER | {
    "stores.change_store",
    "stores.view_apikey",
    "stores.add_apikey",
    "stores.change_apikey",
    "stores.add_webhookendpoint",
    "stores.change_webhookendpoint",
    "stores.delete_webhookendpoint",
    "stores.change_webhookdelivery",
    "auth.view_user",
    "auth.add_user",
    "auth.change_user",
    "auth.view_group",
}
GROUPS = {
    "Viewer": VIEWER,
    "Clerk": CLERK,
    "Manager": MANAGER,
    "Administrator": ADMINISTRATOR,
}


def make_groups(apps, schema_editor):
    # permissions are made after the last migration only, and these groups need them now
    for label in APPS:
        create_permissions(installed.get_app_config(label), apps=apps, verbosity=0)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for name, rights in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(known[right] for right in rights)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_back_office"),
        ("orders", "0001_initial"),
        ("stores", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, remove_groups)]
