"""Customers of an older book get the words that staff find them by. Back again, the table goes."""

from django.db import migrations

from customers.services.filling_words import fill_customer_words


def forwards(apps, schema_editor):
    fill_customer_words(apps)


class Migration(migrations.Migration):
    atomic = False  # each batch is committed, so that an interrupted run need not do it again

    dependencies = [("customers", "0026_customer_words")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
