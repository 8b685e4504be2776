"""Print how many functions and files of the product one request enters.

`python -m tests.architecture.count_stops` counts in an empty database of its own.
`--names` prints the functions too.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

import django

import tests.environment  # noqa: F401

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from config.bootstrap import ROOT  # noqa: E402
from tests.architecture.stops import REQUESTS, Recorder, Shop, list_page  # noqa: E402
from tests.conformance.probes import PROBES  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", action="store_true", help="print the functions of each request")
    names = parser.parse_args().names
    settings.WHITENOISE_AUTOREFRESH = True
    setup_test_environment()
    database = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    sys.stdout.write("".join(lines(names)))
    connection.creation.destroy_test_db(database, verbosity=0)


def lines(names: bool) -> Iterator[str]:
    yield f"{'request':28} {'functions':>9} {'files':>6} {'calls':>6}\n"
    for name, recorder in recorders():
        stops = recorder.stops()
        yield f"{name:28} {stops.functions:>9} {stops.files:>6} {stops.calls:>6}\n"
        if names:
            yield from function_lines(recorder)


def recorders() -> Iterator[tuple[str, Recorder]]:
    for name, count in REQUESTS.items():
        yield name, count(Shop())
    for probe in PROBES:
        yield f"list page: {probe.name}", list_page(Shop(), probe)


def function_lines(recorder: Recorder) -> Iterator[str]:
    for code, calls in recorder.calls.items():
        path = code.co_filename.removeprefix(f"{ROOT}/")
        yield f"  {calls:>4} {path}:{code.co_firstlineno} {code.co_qualname}\n"


if __name__ == "__main__":
    main()
