"""Keys of a distributed database: each contains the store, and the app works with them."""

from __future__ import annotations

from tests.faults.cluster import Cluster
from tests.faults.service import Book
from tests.scale.suite import run_tests
from tests.scale.web import Site

TABLES = """
    SELECT table_name FROM information_schema.columns column_ JOIN information_schema.tables USING (table_name)
    WHERE column_name = 'store_id' AND is_nullable = 'NO'
"""


def test_conformance_suite_passes_with_distributed_keys(primary: Cluster) -> None:
    run_tests("tests.scale.distributed", "tests/conformance", "-n", "2", DATABASE_URL=primary.url)


def statements(book: Book, beginning: str) -> list[str]:
    return [line for line in book.manage("distribute").splitlines() if line.startswith(beginning)]


def test_every_table_with_a_store_is_distributed(site: Site) -> None:
    """Exceptions: login e-mails, which are unique over all stores, and the staff of a store."""
    spread = {
        line.split("'")[1] for line in statements(site.book, "SELECT create_distributed_table")
    }
    carrying = {name for (name,) in site.primary.rows(TABLES)}
    assert carrying - spread == {"customers_loginemail", "stores_store_staff"}
    whole = {line.split("'")[1] for line in statements(site.book, "SELECT create_reference_table")}
    assert whole == {"stores_store", "customers_loginemail"}


def test_foreign_keys_are_replaced_around_distribution(site: Site) -> None:
    lines = site.book.manage("distribute").splitlines()
    spreading = [n for n, line in enumerate(lines) if line.startswith("SELECT create_")]
    dropped = [n for n, line in enumerate(lines) if " DROP CONSTRAINT " in line]
    tied = [n for n, line in enumerate(lines) if " FOREIGN KEY " in line]
    assert max(dropped) < min(spreading) <= max(spreading) < min(tied)
