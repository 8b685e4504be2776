"""Payments to a house account say by which method they were made."""

from importlib import import_module

from django.db import migrations, models

TRIGGER = import_module("customers.migrations.0013_erasable_notes")


def renew_trigger(apps, schema_editor):
    """Name all columns of the table in SQLite's trigger."""
    TRIGGER.forwards(apps, schema_editor)


def refuse_all(apps, schema_editor):
    """Name no column in the trigger, so that a column can go."""
    TRIGGER.backwards(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("customers", "0037_words")]
    operations = [
        migrations.RunPython(refuse_all, renew_trigger),
        migrations.AddField(
            "ledgerentry",
            "method",
            models.CharField(
                blank=True,
                default="",
                help_text="Of a payment by hand; blank when nobody said it.",
                max_length=50,
            ),
            preserve_default=False,
        ),
        migrations.RunPython(renew_trigger, refuse_all),
    ]
