"""Compare Clientele with the floor and the naive server: `python -m tests.benchmarks.bench`.

Fill the database of DATABASE_URL if it is empty, start three servers on it (on SQLite only Clientele), and
drive the same calls of all three with wrk in alternating rounds. `--smoke` fails when a ratio is below half its
goal; it compares CPU time, which other work on the machine disturbs less than requests a second.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("RATE_LIMIT", "100000000/min")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from customers.models import Customer  # noqa: E402
from orders.services.revenue_thirds import refresh_stale  # noqa: E402
from tests.benchmarks.calls import Call, Subject  # noqa: E402
from tests.benchmarks.load import load  # noqa: E402
from tests.benchmarks.servers import SERVERS, Measured, Running, drive, running, settle  # noqa: E402

HEAD = (
    "| call | requests/s | p50 ms | p99 ms | CPU ms | SQL | of the floor | goal | times naive | goal |\n"
    "|---|---|---|---|---|---|---|---|---|---|\n"
)


COMPARED = 5  # paths of a call whose responses from both servers must be equal


class Result:
    """The rounds of one call, by server."""

    def __init__(self, call: Call, statements: int, rounds: dict[str, list[Measured]]) -> None:
        self.call, self.statements, self.rounds = call, statements, rounds

    def mid(self, server: str, figure: str) -> float | None:
        rounds = self.rounds.get(server)
        return median(getattr(one, figure) for one in rounds) if rounds else None

    def ratio(self, to: str, figure: str = "rate") -> float | None:
        """Return Clientele's ratio to another server; above 1 is better for every figure."""
        own, other = self.mid("clientele", figure), self.mid(to, figure)
        if not own or not other:
            return None
        return own / other if figure == "rate" else other / own

    def failures(self) -> int:
        return sum(one.failures for rounds in self.rounds.values() for one in rounds)

    def line(self) -> str:
        cells = [self.call.name]
        cells += [shown(self.mid("clientele", name)) for name in ("rate", "p50", "p99", "cpu")]
        cells += [str(self.statements), shown(self.ratio("floor")), shown(self.call.floor)]
        cells += [shown(self.ratio("naive")), shown(self.call.naive)]
        return f"| {' | '.join(cells)} |"


def shown(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.0f}" if figure >= 100 else f"{figure:.2f}"


def compare(call: Call, servers: dict[str, Running], seconds: float, rounds: int) -> Result:
    """Drive one call of all servers in turn, after a short warm-up round of each."""
    found: dict[str, list[Measured]] = {}
    if call.has_floor and not call.body and "floor" in servers:
        for path in call.paths[:COMPARED]:
            own, floor = (servers[name].ask(path, call.headers) for name in ("clientele", "floor"))
            if own != floor:
                raise SystemExit(f"{call.name}: the floor answers something else to {path}")
    statements = statements_of(call)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            for name, server in servers.items():
                paths = {"clientele": call.paths, "naive": call.naive_paths or []}.get(
                    name, call.paths if call.has_floor else []
                )
                if not paths:
                    continue
                took = seconds if number else 1
                script = Path(folder) / "call.lua"
                settle()
                measured = drive(
                    server, paths, call.headers, took, call.body, script, call.connections
                )
                if number:
                    found.setdefault(name, []).append(measured)
    return Result(call, statements, found)


def statements_of(call: Call) -> int:
    """Count the SQL statements of a request whose key is cached."""
    client = Client(SERVER_NAME="localhost")
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            if call.body:
                new = call.body | {
                    "contact": {"email": f"sql{os.getpid()}-{id(queries)}@example.com"}
                }
                answer = client.post(call.paths[0], new, "application/json", headers=call.headers)
            else:
                answer = client.get(call.paths[0], headers=call.headers)
            assert answer.status_code < 300, f"{call.name}: {answer.content!r}"
    return len(queries)


def too_slow(result: Result) -> list[str]:
    """Return the complaints of a smoke run: failures, and CPU ratios to the floor below half the goal."""
    complaints = [f"{result.call.name}: {result.failures()} failures"] if result.failures() else []
    goal, ratio = result.call.floor, result.ratio("floor", "cpu")
    if goal and ratio and ratio < goal / 2:
        complaints.append(f"{result.call.name}: {ratio:.2f} of the floor, goal {goal}")
    return complaints


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--customers", type=int, default=1_000_000, help="to load where it is empty"
    )
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", help="calls whose name contains this")
    parser.add_argument("--alone", action="store_true", help="Clientele only")
    parser.add_argument(
        "--smoke",
        action="store_true",
        help="short: calls with a goal only; fails where it is too slow",
    )
    asked = parser.parse_args()
    if not Customer.objects.exists():
        load(asked.customers)
    refresh_stale()  # as a worker would
    subject, complaints = Subject(), []
    seconds, rounds = (1, 1) if asked.smoke else (asked.seconds, asked.rounds)
    sys.stdout.write(HEAD)
    names = [server.name for server in SERVERS]
    if asked.alone or connection.vendor != "postgresql":
        names = ["clientele"]  # the other servers support only PostgreSQL
    elif asked.smoke:
        names = ["clientele", "floor"]  # in a small database the naive server is not slow
    with running(names) as servers:
        for call in subject.calls():
            if asked.only in call.name and (call.floor or not asked.smoke):
                result = compare(call, servers, int(seconds), rounds)
                sys.stdout.write(result.line() + "\n")
                sys.stdout.flush()
                complaints += too_slow(result)
    if asked.smoke and complaints:
        raise SystemExit("\n".join(complaints))


if __name__ == "__main__":
    main()
