from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.api.remote.moving import client_of, fetch, open_job
from customers.api.remote.server import RemoteError, RemoteServer
from customers.dialects import packages
from customers.imports.management.printing import print_job
from customers.imports.models import ImportJob, State
from customers.imports.services import jobs
from customers.imports.services.working import work_or_wait
from stores.actors import SYSTEM
from stores.management.arguments import get_store

CANNOT_READ = 2
ROWS_FAILED = 1


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
        parser.add_argument("--dry-run", action="store_true", help="Only check, write no customer.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        store = get_store(options["store"])
        client = client_of(packages()[options["dialect"]])
        url = options["url"].rstrip("/")
        try:
            with closing(RemoteServer(url, client.header, key_of(options["key_env"]))) as server:
                job = open_job(store, SYSTEM, options["dialect"], url, sync=options["sync"])
                if job.state == State.FETCHING:
                    fetch(job, client, server)
        except RemoteError as error:
            raise CommandError(str(error), returncode=CANNOT_READ) from error
        run(job, options["dry_run"])
        if options["json"]:
            value = json.loads(jobs.as_json(job)) | {"not_moved": list(client.not_moved)}
            self.stdout.write(json.dumps(value))
        else:
            print_job(self.stdout, job, as_json=False)
            self.stdout.write(f"Not moved: {', '.join(client.not_moved)}.")
        if job.failed:
            sys.exit(ROWS_FAILED)


def key_of(name: str) -> str:
    key = os.environ.get(name, "")
    if not key:
        raise CommandError(f"The environment variable {name} is not set.", returncode=CANNOT_READ)
    return key


def run(job: ImportJob, dry_run: bool) -> None:
    """Check the import and write it, or go on where that was interrupted. Raises CommandError."""
    if dry_run and job.state == State.RUNNING:
        raise CommandError("An earlier run is still writing. Leave --dry-run out to go on with it.")
    if job.state == State.UPLOADED:
        jobs.start(job, State.CHECKING)
    work_or_wait(job)
    if job.state == State.UNREADABLE:
        raise CommandError(job.problem, returncode=CANNOT_READ)
    if job.state == State.CHECKED and not dry_run:
        jobs.start(job, State.RUNNING)
        work_or_wait(job)
