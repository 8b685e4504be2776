"""Widens amounts to three decimal places, which dinars and rials have. The filter of limits compares exactly."""

from django.db import migrations, models
from django.db.models.functions import Cast, Round
from django.db.models.lookups import GreaterThanOrEqual

from stores.database.reshape import ReshapeTable

PLACES = {"max_digits": 15, "decimal_places": 3}


def widen(model_name, **fields):
    alterations = [
        migrations.AlterField(model_name, name, models.DecimalField(**PLACES, **options))
        for name, options in fields.items()
    ]
    return ReshapeTable(model_name, alterations)


def thousandths(column):
    product = models.ExpressionWrapper(
        models.F(column) * 1000, output_field=models.DecimalField(max_digits=15, decimal_places=0)
    )
    return Cast(Round(product), models.BigIntegerField())


class Migration(migrations.Migration):
    dependencies = [("customers", "0023_name_key_index")]
    operations = [
        migrations.RemoveIndex("customer", "customer_near_limit"),
        widen(
            "customer",
            account_balance={"default": 0, "editable": False, "help_text": "What is owed."},
            credit_limit={"blank": True, "null": True, "help_text": "Empty means no limit."},
            loyalty_balance={"default": 0, "editable": False, "help_text": "Points."},
            minimum_charge_amount={"default": 0, "help_text": "Least cost of a job."},
            minimum_freight_amount={"default": 0, "help_text": "Least cost of freight."},
            total_spent={"default": 0, "editable": False},
        ),
        widen("charge", amount={}, open_amount={"default": 0}),
        widen(
            "ledgerentry",
            amount={"help_text": "Positive adds to what is owed (or to the points)."},
            balance_after={},
        ),
        migrations.AddIndex(
            "customer",
            models.Index(
                fields=["store", "-account_balance", "-id"],
                name="customer_near_limit",
                condition=models.Q(account_balance__gt=0)
                & models.Q(
                    GreaterThanOrEqual(
                        thousandths("account_balance") * 10, thousandths("credit_limit") * 9
                    )
                ),
            ),
        ),
    ]
