"""Whatever holds for every dialect on one machine holds through two web processes and PgBouncer, too."""

from __future__ import annotations

from tests.scale.suite import passes
from tests.scale.web import Site

# What is asked of the code itself and not through its doors.
INSIDE = ("test_query_counts.py", "test_scoping.py", "test_totals.py")
# What a test changes inside the process that serves: a dialect, a setting, a function, the clock.
CHANGED = (
    "not toy and not rate_limit and not unexpected_exception and not new_secret and not three_days"
)


def test_the_conformance_suite_holds(site: Site) -> None:
    passes(
        "tests.scale.through",
        "tests/conformance",
        *(f"--ignore=tests/conformance/{name}" for name in INSIDE),
        *("-k", CHANGED),
        **site.databases,
        SERVERS=",".join(str(server.port) for server in site.servers),
        REPLICA_OF_THE_SERVERS=site.replica.url,
    )
