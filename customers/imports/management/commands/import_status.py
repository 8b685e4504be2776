from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from customers.imports.management.printing import get_job, print_job


class Command(BaseCommand):
    help = "Print how far an import is, its counts and its first errors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", metavar="RUN", help="The id that import_customers printed.")
        parser.add_argument("--json", action="store_true", help="Print JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        print_job(self.stdout, get_job(options["run"]), options["json"])
