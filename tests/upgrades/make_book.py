"""Write the book of a release, on the engine of `DATABASE_URL`: `python -m tests.upgrades.make_book 0.1.0`."""

from __future__ import annotations

import json
import os
import random
import string
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import django
import time_machine
from pytest_httpserver import HTTPServer

import tests.environment  # noqa: F401 # before the settings are read

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import override_settings  # noqa: E402

from tests.upgrades.contents import write_book  # noqa: E402
from tests.upgrades.databases import (  # noqa: E402
    SECRET_KEY,
    connected_to,
    dump,
    facts_file,
    new_database,
)

MOMENT = datetime(2026, 11, 29, 9, tzinfo=UTC)
SEED = 16


def main(release: str) -> None:
    with tempfile.TemporaryDirectory() as folder, new_database(Path(folder)) as database:
        with connected_to(database):
            call_command("migrate", verbosity=0)
            facts = write()
        database.close()
        dump(database, release)
    text = json.dumps(facts, indent=1, ensure_ascii=False)
    facts_file(release).write_text(f"{text}\n", encoding="utf-8")


def write() -> dict[str, Any]:
    """Fill the empty database, and return the facts that the test needs."""
    with ExitStack() as stack:
        receiver = stack.enter_context(receiving())
        settings = {
            "SECRET_KEY": SECRET_KEY,
            "ALLOWED_HOSTS": ["testserver"],
            "WEBHOOK_ALLOW_TARGETS": [f"{receiver.host}:{receiver.port}"],
            "WEBHOOK_RETRY_SCHEDULE": [0, 0],
        }
        stack.enter_context(override_settings(**settings))
        stack.enter_context(same_ids_and_keys())
        clock = stack.enter_context(time_machine.travel(MOMENT, tick=False))
        return write_book(clock, receiver)


@contextmanager
def receiving() -> Iterator[HTTPServer]:
    """Start a webhook receiver that refuses requests to one of its paths."""
    with HTTPServer(host="127.0.0.1", port=0, threaded=True) as server:
        server.expect_request("/refused").respond_with_data("", status=500)
        server.expect_request("/accepted").respond_with_data("")
        yield server


@contextmanager
def same_ids_and_keys() -> Iterator[None]:
    """Make ids and the texts of API keys equal in each run."""
    numbers, generator = count(1), random.Random(SEED)

    def next_uuid7() -> uuid.UUID:
        milliseconds = int(datetime.now(UTC).timestamp() * 1000)
        return uuid.UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | next(numbers))

    def next_text(length: int) -> str:
        return "".join(generator.choices(string.ascii_letters + string.digits, k=length))

    with (
        mock.patch("stores.models.base.uuid7", next_uuid7),
        mock.patch("stores.models.api_key.random_text", next_text),
    ):
        yield


if __name__ == "__main__":
    main(*sys.argv[1:])
