"""Tables of credits and allocations; payments tell their day and their entry, orders what was credited."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import stores.models.base

MONEY = {"decimal_places": 2, "max_digits": 14}
KINDS = [
    ("payment", "Payment"),
    ("refund", "Refund"),
    ("charge", "Put on account"),
    ("credit", "Credit note"),
    ("void", "Payment taken back"),
]
CAUSES = [
    ("bounced", "Bounced"),
    ("wrong_customer", "Wrong Customer"),
    ("chargeback", "Chargeback"),
]


def key():
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def reference(to, name):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0017_entry_days"),
        ("orders", "0007_wide_days"),
        ("stores", "0005_depots_and_zones"),
    ]

    operations = [
        migrations.CreateModel(
            name="Credit",
            fields=[
                ("id", key()),
                ("uid", models.UUIDField(editable=False, help_text="Of the ledger's entry.")),
                (
                    "order_uid",
                    models.UUIDField(
                        editable=False, help_text="The order that it names.", null=True
                    ),
                ),
                (
                    "is_reduction",
                    models.BooleanField(
                        default=False,
                        help_text="It lowers what its order comes to, and is no money.",
                    ),
                ),
                ("paid_on", models.DateField()),
                ("amount", models.DecimalField(**MONEY)),
                ("open_amount", models.DecimalField(default=0, **MONEY)),
                ("customer", reference("customers.customer", "credits")),
                ("store", reference("stores.store", "+")),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("open_amount__gt", 0)),
                        fields=["store", "customer", "id"],
                        name="credits_open_of_customer",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store", "customer", "uid"), name="credit_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("open_amount__gte", 0), ("open_amount__lte", models.F("amount"))
                        ),
                        name="credit_open_within_amount",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", key()),
                ("uid", models.UUIDField(default=stores.models.base.new_uid, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("payment", "Payment"), ("reduction", "Reduction")],
                        default="payment",
                        max_length=9,
                    ),
                ),
                ("amount", models.DecimalField(**MONEY)),
                (
                    "effective_on",
                    models.DateField(
                        help_text="The day of the bank, or of the charge if that is later."
                    ),
                ),
                ("actor_name", models.CharField(max_length=250)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("charge", reference("customers.charge", "allocations")),
                ("credit", reference("orders.credit", "allocations")),
                ("customer", reference("customers.customer", "allocations")),
                ("store", reference("stores.store", "+")),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["store", "charge"], name="allocations_of_charge"),
                    models.Index(fields=["store", "credit"], name="allocations_of_credit"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("store", "uid"), name="allocation_uid_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="allocation_amount_not_zero",
                    ),
                ],
            },
        ),
        # Those that take their place need what 0009 writes: see 0010.
        migrations.RemoveConstraint("order", "order_paid_within_total"),
        migrations.RemoveConstraint("order", "order_on_account_within_total"),
        migrations.AddField(
            "order",
            "credited_amount",
            models.DecimalField(
                default=0, help_text="Of what was owed, what a credit note took off.", **MONEY
            ),
        ),
        migrations.AddField(
            "payment",
            "paid_on",
            models.DateField(help_text="The day of the bank.", null=True),
        ),
        migrations.AddField(
            "payment",
            "entry_uid",
            models.UUIDField(editable=False, help_text="Its entry in the ledger.", null=True),
        ),
        migrations.AddField(
            "payment",
            "voids_uid",
            models.UUIDField(
                editable=False, help_text="The payment that this one takes back.", null=True
            ),
        ),
        migrations.AddField(
            "payment",
            "cause",
            models.CharField(choices=CAUSES, max_length=14, null=True),
        ),
        migrations.AlterField(
            "payment",
            "kind",
            models.CharField(choices=KINDS, default="payment", max_length=7),
        ),
        migrations.AddConstraint(
            "payment",
            models.UniqueConstraint(
                condition=models.Q(("voids_uid", None), _negated=True),
                fields=("store", "voids_uid"),
                name="payment_voided_once",
            ),
        ),
    ]
