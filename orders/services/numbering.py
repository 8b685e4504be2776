"""Numbers of documents: a run for each store and year, without gaps."""

from __future__ import annotations

from typing import Any

from stores.database.plans import Plan
from stores.database.updates import CompiledUpdate


def next_number(following: CompiledUpdate, store_id: int, year: int) -> int:
    """Return the next number of a store in a year. `following` adds one to the last number of its table.

    The UPDATE locks the year's row until the commit. So others wait, and a rollback leaves no gap.
    """
    table: Any = following.model
    if not following.run(store_id, year):
        # The first document of the year. Another request may insert the row at the same time.
        first = table(store_id=store_id, year=year)
        table.objects.bulk_create([first], ignore_conflicts=True)
        following.run(store_id, year)
    [last] = Plan(table).for_store(store_id).of_year(year).column("last")
    return int(last)
