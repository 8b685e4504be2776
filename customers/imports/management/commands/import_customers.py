from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.imports.management.printing import print_job
from customers.imports.models import ImportJob, State
from customers.imports.reading import FORMATS, Unreadable
from customers.imports.reading.table import MAX_FILE_BYTES
from customers.imports.services import jobs
from customers.imports.services.matching import DEFAULT_KINDS, KINDS
from customers.imports.services.working import work_or_wait
from stores.actors import SYSTEM
from stores.management.arguments import get_store

CANNOT_READ = 2
ROWS_FAILED = 1


def kinds(text: str) -> list[str]:
    names = [name for name in text.split(",") if name]
    if unknown := set(names) - set(KINDS):
        raise argparse.ArgumentTypeError(
            f"{', '.join(sorted(unknown))}: choose of {', '.join(KINDS)}."
        )
    return names


class Command(BaseCommand):
    help = (
        "Import customers from a file: CSV, TSV, XLSX, XLS, ODS, vCard, JSON lines or a Singer tap's messages."
        " Prints how many rows are new, changed, the same, conflicts and errors, and the run's id, with which"
        " undo_import takes it back. Exit status 1 if rows failed, 2 if the file cannot be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="The file, or - for standard input.")
        parser.add_argument(
            "--store", metavar="UUID", required=True, help="Whose customers they are."
        )
        parser.add_argument("--format", choices=FORMATS, default="", help="Detected by itself.")
        parser.add_argument(
            "--map",
            metavar="FILE.json",
            help='Fields of columns, as {"Column": "field"}; null leaves one out. It is remembered.',
        )
        parser.add_argument(
            "--match",
            type=kinds,
            default=list(DEFAULT_KINDS),
            metavar="external_id,email,phone,score",
            help=f"How customers of the book are found (default {','.join(DEFAULT_KINDS)}). With score, a row"
            " that finds nobody is compared with similar customers, as find_duplicates does: one that is surely"
            " the same is found, and one that may be is a conflict.",
        )
        parser.add_argument(
            "--blank",
            choices=("keep", "clear"),
            default="keep",
            help="What a blank cell does to a value of the book (default keep).",
        )
        parser.add_argument("--dry-run", action="store_true", help="Only check, write no customer.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        store = get_store(options["store"])
        corrections = read_map(options["map"]) if options["map"] else None
        name = "standard input" if options["file"] == "-" else Path(options["file"]).name
        try:
            with open_file(options["file"]) as file:
                job = jobs.create_job(
                    store,
                    SYSTEM,
                    file,
                    name,
                    format=options["format"],
                    blank=options["blank"],
                    match=options["match"],
                    corrections=corrections,
                )
        except (Unreadable, ValueError) as error:
            raise CommandError(str(error), returncode=CANNOT_READ) from error
        finish(job, options["dry_run"])
        print_job(self.stdout, job, options["json"])
        if job.failed:
            sys.exit(ROWS_FAILED)


def finish(job: ImportJob, dry_run: bool) -> None:
    """Check the import, and write it unless it is only tried. Raises CommandError."""
    jobs.start(job, State.CHECKING)
    work_or_wait(job)
    if job.state == State.UNREADABLE:
        raise CommandError(job.problem, returncode=CANNOT_READ)
    if not dry_run:
        jobs.start(job, State.RUNNING)
        work_or_wait(job)


def open_file(name: str) -> IO[bytes]:
    """Return the file, or a copy of standard input, in which one can go back. Raises Unreadable."""
    if name == "-":
        return spooled(sys.stdin.buffer)
    path = Path(name)
    if path.is_dir():
        raise Unreadable("directory")
    try:
        return path.open("rb") if path.is_file() else spooled(path.open("rb"))
    except OSError as error:
        raise Unreadable("missing") from error


def spooled(stream: IO[bytes]) -> IO[bytes]:
    """Copy a stream into a file. Raises Unreadable when it has too much."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 the caller closes it
    while data := stream.read(2**20):
        file.write(data)
        if file.tell() > MAX_FILE_BYTES:
            file.close()
            raise Unreadable("too_large")
    file.flush()
    return file


def read_map(name: str) -> dict[str, str | None]:
    try:
        value = json.loads(Path(name).read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{name} cannot be read as JSON.", returncode=CANNOT_READ) from error
    if not isinstance(value, dict) or not all(isinstance(v, str | None) for v in value.values()):
        raise CommandError(f"{name} has no object of texts.", returncode=CANNOT_READ)
    return value
