"""Compute the keys that names are sorted by. Back to an older release they are simply dropped."""

from django.db import migrations

from customers.services.stored_forms import renew_name_keys


def forwards(apps, schema_editor):
    renew_name_keys(apps.get_model("customers", "Customer").objects)


class Migration(migrations.Migration):
    atomic = False  # each batch is committed, so that an interrupted run need not do it again

    dependencies = [("customers", "0021_name_key")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
