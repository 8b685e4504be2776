"""Allocations and payments are never changed, as entries of the ledger: a trigger refuses UPDATE and DELETE.

Orders lose the column of what the account paid: that is a charge now, and no payment.
"""

import django.db.models.functions.math
from django.db import migrations, models
from django.db.models.expressions import CombinedExpression

REFUSAL = "payments and allocations are never changed: post a correction"
# The reason of a payment may be emptied, when its customer is erased.
ONLY_EMPTIES_REASON = """
        IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'orders_payment' AND to_jsonb(NEW)->>'reason' = ''
           AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' THEN
            RETURN NEW;
        END IF;
"""
TABLES = ("orders_allocation", "orders_payment")
POSTGRESQL = [
    f"""
    CREATE FUNCTION refuse_payment_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {ONLY_EMPTIES_REASON}
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END
    $$
    """,
    *(
        f"""
        CREATE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_payment_change()
        """
        for table in TABLES
    ),
]
UNDO_POSTGRESQL = [
    *(f"DROP TRIGGER {table}_is_append_only ON {table}" for table in TABLES),
    "DROP FUNCTION refuse_payment_change()",
]
UNDO_SQLITE = [
    f"DROP TRIGGER {table}_refuses_{event}" for table in TABLES for event in ("update", "delete")
]
REVENUE = models.Q(
    ("withdrawn_at", None), models.Q(("status", "cancelled"), _negated=True)
)
REVENUE_COLUMNS = ["store", "placed_at", "customer", "total", "refunded_amount"]
MONEY = {"decimal_places": 2, "max_digits": 14}


def sqlite_triggers(connection):
    """SQLite cannot compare whole rows. A later migration that adds a column must make its trigger again."""
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, "orders_payment")
    same = [f"new.{one.name} IS old.{one.name}" for one in columns if one.name != "reason"]
    only_empties = f"WHEN NOT (new.reason = '' AND {' AND '.join(same)})"
    for table in TABLES:
        for event in ("UPDATE", "DELETE"):
            is_erasable = (table, event) == ("orders_payment", "UPDATE")
            yield f"""
                CREATE TRIGGER {table}_refuses_{event.lower()} BEFORE {event} ON {table}
                {only_empties if is_erasable else ""}
                BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
            """


def forwards(apps, schema_editor):
    connection = schema_editor.connection
    is_postgres = connection.vendor == "postgresql"
    for statement in POSTGRESQL if is_postgres else list(sqlite_triggers(connection)):
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for statement in UNDO_POSTGRESQL if is_postgres else UNDO_SQLITE:
        schema_editor.execute(statement)


def cents(amount):
    wrapped = models.ExpressionWrapper(amount, output_field=models.DecimalField(**MONEY))
    return django.db.models.functions.math.Round(wrapped, precision=2)


CREDITED = CombinedExpression(models.F("total"), "-", models.F("credited_amount"))
DUE = CombinedExpression(CREDITED, "-", models.F("paid_amount"))


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_allocate_book")]

    operations = [
        migrations.RemoveField("order", "account_paid_amount"),
        migrations.AlterField(
            "order",
            "charged_amount",
            models.DecimalField(
                default=0, help_text="Of what is owed, what is on the account.", **MONEY
            ),
        ),
        migrations.AlterField(
            "order",
            "refunded_amount",
            models.DecimalField(
                default=0, help_text="Of what was paid, what was given back.", **MONEY
            ),
        ),
        migrations.RemoveIndex("order", "orders_revenue"),
        migrations.AddIndex(
            "order",
            models.Index(
                condition=REVENUE,
                fields=[*REVENUE_COLUMNS, "credited_amount"],
                name="orders_revenue",
            ),
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=models.Q(
                    ("paid_amount__gte", 0),
                    ("refunded_amount__gte", 0),
                    ("refunded_amount__lte", models.F("paid_amount")),
                    ("credited_amount__gte", 0),
                    ("paid_amount__lte", cents(CREDITED)),
                ),
                name="order_paid_within_total",
            ),
        ),
        migrations.AddConstraint(
            "order",
            models.CheckConstraint(
                condition=models.Q(
                    ("charged_amount__gte", 0), ("charged_amount__lte", cents(DUE))
                ),
                name="order_charged_within_due",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
