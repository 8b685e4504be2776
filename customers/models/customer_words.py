"""What staff find a customer by: all words of it, of its contacts and its addresses in one indexed text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import Contains

from stores.models.base import TenantModel, TenantQuerySet
from stores.models.tenant_keys import TenantForeignKey

# For each word its spellings: a customer needs one of each.
Words = Sequence[Sequence[str]]

TRIGRAM = 3  # letters; shorter words are in no index
ROW = "(%s, %s, %s)"  # of the statement, once for each customer
SAVE = (
    "INSERT INTO customers_customerwords (store_id, customer_id, words) VALUES (%s, %s, %s)"
    " ON CONFLICT (store_id, customer_id) DO UPDATE SET words = EXCLUDED.words"
    " WHERE customers_customerwords.words <> EXCLUDED.words"
)


class HasWords(Contains):
    """The condition that a text has these words, each in one of its spellings."""

    rhs: Words

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, _ = self.process_lhs(compiler, connection)
        patterns = [
            [f"%{connection.ops.prep_for_like_query(term)}%" for term in word] for word in self.rhs
        ]
        return all_of(f"{column} LIKE %s", patterns)

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """Return the condition with one search of the index, and a comparison for words that it has not."""
        column, _ = self.process_lhs(compiler, connection)
        indexed = [word for word in self.rhs if min(map(len, word)) >= TRIGRAM]
        sql, params = all_of(
            f"INSTR({column}, %s) > 0", [word for word in self.rhs if word not in indexed]
        )
        if not indexed:
            return sql, params
        key = f'{connection.ops.quote_name(self.lhs.alias)}."customer_id"'
        match = "SELECT rowid FROM customers_words_search WHERE customers_words_search MATCH %s"
        found = f"{key} IN ({match})"
        return f"({found} AND {sql})" if params else found, [full_text_query(indexed), *params]


def all_of(condition: str, words: Words) -> tuple[str, list[Any]]:
    """Return the condition on every word, in one of its spellings."""
    groups = [f"({' OR '.join([condition] * len(word))})" for word in words]
    return " AND ".join(groups), [term for word in words for term in word]


def full_text_query(words: Words) -> str:
    quoted = [['"' + term.replace('"', '""') + '"' for term in word] for word in words]
    return " AND ".join(f"({' OR '.join(word)})" for word in quoted)


class CustomerWordsQuerySet(TenantQuerySet["CustomerWords"]):
    def having(self, words: Words) -> CustomerWordsQuerySet:
        """Return the rows with all these words."""
        return self.filter(HasWords(F("words"), words))

    def save_words(self, store: int, customer: int, words: str) -> None:
        """Insert or replace the words of a customer with one statement, which writes only what differs."""
        with connections[router.db_for_write(self.model)].cursor() as cursor:
            cursor.execute(SAVE, (store, customer, words))

    def save_words_of_many(self, store: int, texts: Sequence[tuple[int, str]]) -> None:
        """Insert or replace the words of several customers with one statement."""
        values = [value for customer, words in texts for value in (store, customer, words)]
        with connections[router.db_for_write(self.model)].cursor() as cursor:
            cursor.execute(SAVE.replace(ROW, ", ".join([ROW] * len(texts))), values)


def walk_for(words: Words) -> Q:
    """Return the condition of customers for these words, checked customer by customer in the query's order.

    It is for words that very many have. As a join, the planner would collect and sort all of them.
    """
    row = CustomerWords.objects.filter(store=OuterRef("store"), customer=OuterRef("pk"))
    checked = row.annotate(has_words=HasWords(F("words"), words)).values("has_words")
    return Q(Subquery(checked, output_field=models.BooleanField()))


class CustomerWords(TenantModel):
    """The words of a customer that is not withdrawn, kept in the transaction that changes the customer.

    A row of its own, because addresses and contacts follow their customer, and because an index of trigrams
    would make each change of the customer's row slower. `Customer.search_text` stays as the APIs search it.
    """

    pk = models.CompositePrimaryKey("store", "customer")
    store = models.ForeignKey(
        "stores.Store", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = TenantForeignKey(
        "customers.Customer",
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    # Folded texts, one a line. Its trigram index is a table of its own on SQLite, see migration 0028.
    words = models.TextField()

    objects = CustomerWordsQuerySet.as_manager()

    def __str__(self) -> str:
        return self.words
