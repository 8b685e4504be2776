"""What a customer is compared by when duplicates are looked for. Services keep it with the customer."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connections, models, router
from django.db.models import Q

from stores.models.base import TenantModel, TenantQuerySet
from stores.models.tenant_keys import TenantForeignKey

INSERT_PROFILE = (
    "INSERT INTO customers_matchprofile (store_id, customer_id, text, is_compared)"
    " VALUES (%s, %s, %s, %s)"
)
NEXT_ROW = "(%s, %s, %s, %s)"


# One text for any number of customers, so that the server prepares it once.
TEXTS_ON_POSTGRESQL = (
    "SELECT customer_id, text, former FROM customers_matchprofile"
    " WHERE store_id = %s AND customer_id = ANY(%s)"
)


class MatchProfileQuerySet(TenantQuerySet["MatchProfile"]):
    def texts_of(self, store: int, customers: Iterable[int]) -> list[tuple[int, str, str]]:
        """Return the customers with the texts of their profiles, and of their former ones."""
        connection = connections[self.db]
        if connection.vendor != "postgresql":
            rows = self.filter(store=store, customer__in=customers)
            return list(rows.values_list("customer_id", "text", "former"))
        with connection.cursor() as cursor:
            cursor.execute(TEXTS_ON_POSTGRESQL, [store, list(customers)])
            texts: list[tuple[int, str, str]] = cursor.fetchall()
        return texts

    def insert_profiles(self, store: int, texts: Collection[tuple[int, str]]) -> None:
        """Insert the profiles of customers with one statement."""
        if texts:
            values = [value for customer, text in texts for value in (store, customer, text, False)]
            with connections[router.db_for_write(self.model)].cursor() as cursor:
                cursor.execute(", ".join([INSERT_PROFILE, *[NEXT_ROW] * (len(texts) - 1)]), values)


class MatchProfile(TenantModel):
    """What a live customer is compared by, see `customers.match_keys.Profile`. Deleted ones have none."""

    pk = models.CompositePrimaryKey("store", "customer")
    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    text = models.TextField()
    former = models.TextField(
        blank=True,
        db_default="",
        help_text="Of those who were merged into it, see `customers.match_keys.former`.",
    )
    is_compared = models.BooleanField(
        default=False, help_text="False until the worker has compared it with other customers."
    )

    objects = MatchProfileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["store"], name="match_profile_waiting", condition=Q(is_compared=False)
            )
        ]

    def __str__(self) -> str:
        return self.text
