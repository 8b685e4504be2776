"""Entries tell when a charge is due, when a payment was paid, and which payment they take back.

Charges tell whether an order put them on the account, since when they are there, and when they were settled.
"""

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
    dependencies = [("customers", "0016_fill_match_keys")]

    operations = [
        migrations.RunPython(refuse_all, renew_trigger),
        migrations.AddField(
            "ledgerentry",
            "due_on",
            models.DateField(blank=True, help_text="When a charge is due.", null=True),
        ),
        migrations.AddField(
            "ledgerentry",
            "paid_on",
            models.DateField(
                blank=True, help_text="The day of the bank, of a payment.", null=True
            ),
        ),
        migrations.AddField(
            "ledgerentry",
            "reverses_uid",
            models.UUIDField(
                blank=True, help_text="The payment's entry that this one takes back.", null=True
            ),
        ),
        migrations.AddConstraint(
            "ledgerentry",
            models.UniqueConstraint(
                condition=models.Q(("reverses_uid", None), _negated=True),
                fields=("store", "reverses_uid"),
                name="entry_reversed_once",
            ),
        ),
        migrations.RunPython(renew_trigger, refuse_all),
        # The constraint that takes its place needs the whole amounts of charges: see 0018.
        migrations.RemoveConstraint("charge", "charge_open_not_negative"),
        migrations.RemoveIndex("charge", "charges_due_last"),
        migrations.AddField("charge", "is_of_order", models.BooleanField(default=False)),
        migrations.AddField("charge", "posted_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "charge",
            "settled_on",
            models.DateField(help_text="When the last of it was paid.", null=True),
        ),
        migrations.AddIndex(
            "charge",
            models.Index(
                condition=models.Q(("open_amount__gt", 0)),
                fields=["store", "customer", "due_on", "id"],
                name="charges_open_of_customer",
            ),
        ),
    ]
