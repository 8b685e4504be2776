"""Widens amounts to three decimal places, which dinars and rials have; lets lines have parts of a unit, and discounts."""

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Abs, Round
from django.db.models.lookups import LessThanOrEqual

from stores.database.reshape import ReshapeTable

PLACES = {"max_digits": 15, "decimal_places": 3}


def alterations(model_name, **fields):
    return [
        migrations.AlterField(model_name, name, models.DecimalField(**PLACES | options))
        for name, options in fields.items()
    ]


def widen(model_name, **fields):
    return ReshapeTable(model_name, alterations(model_name, **fields))


GAP = Abs(
    models.ExpressionWrapper(
        F("quantity") * F("unit_price") - F("discount_amount") - F("total"),
        output_field=models.DecimalField(max_digits=15, decimal_places=6),
    )
)
def exact_amount(amount):
    field = models.DecimalField(**PLACES)
    return Round(models.ExpressionWrapper(amount, output_field=field), precision=3)


TOTAL = exact_amount(
    F("subtotal") - F("discount_amount") + F("tax_amount") + F("shipping_amount")
)


def write_in_capitals(apps, schema_editor):
    """Write codes in capitals, which the page of stores did not require; customers and orders copied them."""
    for store in apps.get_model("stores", "Store").objects.all():
        code = store.currency.upper()
        if store.currency != code:
            for app, model in (("customers", "Customer"), ("orders", "Order")):
                rows = apps.get_model(app, model).objects.filter(store=store)
                rows.filter(currency=store.currency).update(currency=code)
            store.currency = code
            store.save(update_fields=["currency"])


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0024_amounts_of_all_currencies"),
        ("orders", "0011_credited_lines"),
        ("stores", "0005_depots_and_zones"),
    ]
    operations = [
        migrations.AddField(
            "orderline",
            "discount_amount",
            models.DecimalField(**PLACES, default=0, help_text="Off this line."),
        ),
        ReshapeTable(
            "orderline",
            [
                *alterations(
                    "orderline",
                    quantity={"max_digits": 10},
                    unit_price={},
                    total={},
                ),
                migrations.RemoveConstraint("orderline", "line_total_adds_up"),
                migrations.RemoveConstraint("orderline", "line_quantity_positive"),
                migrations.AddConstraint(
                    "orderline",
                    models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
                ),
                migrations.AddConstraint(
                    "orderline",
                    models.CheckConstraint(
                        condition=Q(discount_amount__gte=0, total__gte=0),
                        name="line_discount_within_price",
                    ),
                ),
                migrations.AddConstraint(
                    "orderline",
                    models.CheckConstraint(
                        condition=Q(LessThanOrEqual(GAP, 0.006))
                        | Q(LessThanOrEqual(GAP, 0.501), total=Round("total")),
                        name="line_total_adds_up",
                    ),
                ),
            ],
        ),
        ReshapeTable(
            "order",
            [
                *alterations(
                    "order",
                    subtotal={},
                    discount_amount={"default": 0},
                    tax_amount={"default": 0},
                    shipping_amount={"default": 0},
                    total={},
                    paid_amount={"default": 0},
                    refunded_amount={
                        "default": 0,
                        "help_text": "Of what was paid, what was given back.",
                    },
                    credited_amount={
                        "default": 0,
                        "help_text": "Of what was owed, what a credit note took off.",
                    },
                    charged_amount={
                        "default": 0,
                        "help_text": "Of what is owed, what is on the account.",
                    },
                    unit_count={"max_digits": 13, "default": 0},
                ),
                migrations.RemoveConstraint("order", "order_paid_within_total"),
                migrations.RemoveConstraint("order", "order_charged_within_due"),
                migrations.AddConstraint(
                    "order",
                    models.CheckConstraint(
                        condition=Q(paid_amount__gte=0, refunded_amount__gte=0)
                        & Q(refunded_amount__lte=F("paid_amount"))
                        & Q(credited_amount__gte=0)
                        & Q(paid_amount__lte=exact_amount(F("total") - F("credited_amount"))),
                        name="order_paid_within_total",
                    ),
                ),
                migrations.AddConstraint(
                    "order",
                    models.CheckConstraint(
                        condition=Q(charged_amount__gte=0)
                        & Q(
                            charged_amount__lte=exact_amount(
                                F("total") - F("credited_amount") - F("paid_amount")
                            )
                        ),
                        name="order_charged_within_due",
                    ),
                ),
                migrations.RemoveConstraint("order", "order_total_adds_up"),
                migrations.AddConstraint(
                    "order",
                    models.CheckConstraint(condition=Q(total=TOTAL), name="order_total_adds_up"),
                ),
            ],
        ),
        widen("payment", amount={}),
        widen("allocation", amount={}),
        widen("credit", amount={}, open_amount={"default": 0}),
        widen("dailysales", revenue={"max_digits": 21, "default": 0}),
        widen("revenuethirds", middle={}, high={}),
        widen("creditcheck", current_limit={"null": True}, recommended_limit={}),
        migrations.RunPython(write_in_capitals, migrations.RunPython.noop),
    ]
