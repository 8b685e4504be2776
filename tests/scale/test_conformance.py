"""The conformance suite also passes through two web processes and PgBouncer."""

from __future__ import annotations

from tests.scale.suite import run_tests
from tests.scale.web import Site

# Files that test the code inside this process, not over HTTP.
IN_PROCESS_FILES = (
    "test_found_as_typed.py",
    "test_query_counts.py",
    "test_rewrite_golden.py",
    "test_scoping.py",
    "test_totals.py",
)
# Tests that change the serving process (a dialect, a setting, a function or the clock), or watch its queries.
NOT_IN_PROCESS = (
    "not toy and not rate_limit and not unexpected_exception and not new_secret and not three_days"
    " and not concurrent_changes and not looked_up_twice"
)


def test_conformance_suite_passes(site: Site) -> None:
    run_tests(
        "tests.scale.through",
        "tests/conformance",
        *(f"--ignore=tests/conformance/{name}" for name in IN_PROCESS_FILES),
        *("-k", NOT_IN_PROCESS),
        **site.databases,
        SERVERS=",".join(str(server.port) for server in site.servers),
        REPLICA_OF_THE_SERVERS=site.replica.url,
    )
