"""Fills the charges of house accounts from the ledger, each due when its order is."""

from django.db import migrations

FILL = """
    INSERT INTO customers_charge (store_id, customer_id, uid, due_on, amount, open_amount)
    WITH charge AS (
        SELECT e.store_id, e.customer_id, COALESCE(e.order_uid, e.uid) AS uid, MIN(e.id) AS id,
               SUM(e.amount) AS amount, COALESCE(o.due_on, date(MIN(e.created_at))) AS due_on
        FROM customers_ledgerentry e
        LEFT JOIN orders_order o ON o.store_id = e.store_id AND o.uid = e.order_uid
        WHERE e.account = 'house'
        GROUP BY e.store_id, e.customer_id, COALESCE(e.order_uid, e.uid), o.due_on
        HAVING COUNT(e.order_uid) > 0 OR SUM(e.amount) > 0
    ), due_last AS (
        SELECT charge.*,
               SUM(CASE WHEN amount > 0 THEN amount ELSE 0 END) OVER (
                   PARTITION BY customer_id ORDER BY due_on DESC, id DESC
                   ROWS UNBOUNDED PRECEDING
               ) - amount AS newer
        FROM charge
    )
    SELECT d.store_id, d.customer_id, d.uid, d.due_on, ROUND(d.amount, 2),
           ROUND(CASE WHEN d.amount <= 0 OR d.newer >= c.account_balance THEN 0
                      WHEN d.amount < c.account_balance - d.newer THEN d.amount
                      ELSE c.account_balance - d.newer END, 2)
    FROM due_last d JOIN customers_customer c ON c.id = d.customer_id AND c.store_id = d.store_id
    ORDER BY d.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0008_charges"),
        ("orders", "0004_daily_sales"),
    ]

    operations = [
        migrations.RunSQL(FILL, "DELETE FROM customers_charge"),
    ]
