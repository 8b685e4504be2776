from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.imports.management.printing import get_job, print_kept
from customers.imports.models import ImportJob, State
from customers.imports.services import jobs, outcomes
from customers.imports.services.working import work
from stores.errors import Conflict


class Command(BaseCommand):
    help = (
        "Take an import back: customers that it created go, changed ones get back what nobody changed since."
        " What cannot go back is printed, with who changed it and when. Exit status 1 if there is any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", metavar="RUN", help="The id that import_customers printed.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        job = get_job(options["run"])
        take_back(job)
        if options["json"]:
            value = json.loads(jobs.as_json(job)) | outcomes.kept_of(job)
            self.stdout.write(json.dumps(value))
        else:
            taken = outcomes.counts_of(job)
            self.stdout.write(f"{job.uid}: {taken['undone']} rows taken back, {taken['kept']} kept")
            print_kept(self.stdout, job)
        if outcomes.counts_of(job)["kept"]:
            sys.exit(1)


def take_back(job: ImportJob) -> None:
    """Take the import back, or go on where that was interrupted. Raises CommandError."""
    if job.state != State.UNDOING:
        try:
            jobs.start(job, State.UNDOING)
        except Conflict as error:
            raise CommandError(f"The import is in no state for this: {job.state}.") from error
    if not work(job):
        raise CommandError("A worker is at this import. Try again in half a minute.")
