"""Customers of an older book get the keys by which duplicates are found. Back again, the tables go."""

from django.db import migrations

from customers.services.filling import fill_match_keys


def forwards(apps, schema_editor):
    fill_match_keys(apps)


class Migration(migrations.Migration):
    atomic = False  # each batch is committed, so that an interrupted run need not do it again

    dependencies = [("customers", "0015_match_keys")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
