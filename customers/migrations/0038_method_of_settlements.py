"""Payments to a house account say by which method they were made."""

from importlib import import_module

from django.db import migrations, models

# SQLite's trigger names all columns of the table: made anew, it names one more.
TRIGGER = import_module("customers.migrations.0017_entry_days")


class Migration(migrations.Migration):
    dependencies = [("customers", "0037_words")]
    operations = [
        migrations.RunPython(TRIGGER.refuse_all, TRIGGER.renew_trigger),
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
        migrations.RunPython(TRIGGER.renew_trigger, TRIGGER.refuse_all),
    ]
