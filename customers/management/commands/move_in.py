from __future__ import annotations

import json
import os
import sys
import time
import uuid
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.api.client import DialectClient
from customers.api.remote.moving import client_of, fetch, open_job
from customers.api.remote.server import RemoteError, require_public
from customers.dialects import packages
from customers.imports.management.printing import print_job
from customers.imports.models import ImportJob, State
from customers.imports.services import jobs
from customers.imports.services.leases import LeaseLost, lease, release
from customers.imports.services.working import IDLE_SECONDS, work_or_wait
from stores.actors import SYSTEM
from stores.errors import Conflict
from stores.management.arguments import get_store

CANNOT_READ = 2
ROWS_FAILED = 1
OTHER_RUNS = "Another import from this server is being written. Run this again after it."
THROWN_AWAY = "The import was thrown away in the back office meanwhile."


class Command(BaseCommand):
    help = (
        "Move the customers of another server in, by the API that it serves. It is read at 80 % of its"
        " limit, and again when it fails; after a stop run the same command to go on. undo_import takes it"
        " back. Exit status 1 if customers failed, 2 if the server cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from",
            dest="dialect",
            choices=sorted(packages()),
            required=True,
            help="The API that the other server speaks.",
        )
        parser.add_argument("--url", required=True, help="Of the server, without the API's path.")
        parser.add_argument(
            "--key-env", metavar="NAME", required=True, help="Environment variable with the key."
        )
        parser.add_argument(
            "--store", metavar="UUID", required=True, help="Whose customers they become."
        )
        parser.add_argument(
            "--sync", action="store_true", help="Write what changed there since the last time."
        )
        parser.add_argument(
            "--opening-balances",
            action="store_true",
            help="Post what customers who come for the first time owe there, as one entry of today (pos, erp).",
        )
        parser.add_argument("--dry-run", action="store_true", help="Only check, write no customer.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        store = get_store(options["store"])
        client = client_of(packages()[options["dialect"]])
        key, url = key_of(options["key_env"]), options["url"].rstrip("/")
        opening = client if options["opening_balances"] else None
        try:
            require_public(url)
            job = open_job(
                store, SYSTEM, options["dialect"], url, sync=options["sync"], client=opening
            )
            fetch_or_wait(job, client, key)
        except RemoteError as error:
            raise CommandError(str(error), returncode=CANNOT_READ) from error
        run(job, options["dry_run"])
        not_moved = [name for name in client.not_moved if not opening or name != opening.balance]
        if options["json"]:
            value = json.loads(jobs.as_json(job)) | {"not_moved": not_moved}
            self.stdout.write(json.dumps(value))
        else:
            print_job(self.stdout, job, as_json=False)
            self.stdout.write(f"Not moved: {', '.join(not_moved)}.")
        if job.failed:
            sys.exit(ROWS_FAILED)


def key_of(name: str) -> str:
    key = os.environ.get(name, "")
    if not key:
        raise CommandError(f"The environment variable {name} is not set.", returncode=CANNOT_READ)
    return key


def fetch_or_wait(job: ImportJob, client: DialectClient, key: str) -> None:
    """Fetch, or wait until the process that is at it has done so. Raises RemoteError."""
    while job.state == State.FETCHING:
        token = lease(job, [State.FETCHING])
        if token is None:
            time.sleep(IDLE_SECONDS)
        else:
            fetch_leased(job, token, client, key)
        job.reload()


def fetch_leased(job: ImportJob, token: uuid.UUID, client: DialectClient, key: str) -> None:
    """Fetch until the end, or until something stops it. The next command goes on at once."""
    try:
        fetch(job, token, client, key)
    except LeaseLost:
        return
    except BaseException:
        with suppress(LeaseLost):
            release(job, token)
        raise


def run(job: ImportJob, dry_run: bool) -> None:
    """Check the import and write it, or go on where that was interrupted. Raises CommandError."""
    if dry_run and job.state == State.RUNNING:
        raise CommandError("An earlier run is still writing. Leave --dry-run out to go on with it.")
    work_or_wait(job)
    if job.state in (State.UNREADABLE, State.CANCELLED):
        raise CommandError(job.problem or THROWN_AWAY, returncode=CANNOT_READ)
    if job.state == State.CHECKED and not dry_run:
        start_run(job)
        work_or_wait(job)


def start_run(job: ImportJob) -> None:
    """Let the import be written, unless a process that was waited for has begun. Raises CommandError."""
    try:
        jobs.start(job, State.RUNNING)
    except Conflict:
        job.reload()
        if job.state == State.CHECKED:
            raise CommandError(OTHER_RUNS, returncode=CANNOT_READ) from None
