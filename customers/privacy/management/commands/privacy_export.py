"""Write everything about a customer to a ZIP file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.merging.management.arguments import get_current_customer
from customers.privacy.services.dossier import dossier_of
from customers.privacy.services.dossier_files import zip_of
from customers.privacy.services.history import note_step_of
from stores.actors import SYSTEM


class Command(BaseCommand):
    help = (
        "Write all personal data of a customer to a ZIP file: JSON, a page of HTML, and CSV. Only you can read"
        " the file. Contacts of a firm are other people, and left out without --contacts."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("uid", metavar="CUSTOMER_UID", help="A UUID, or in the form cust_…")
        parser.add_argument("--output", type=Path, required=True, help="The new ZIP file.")
        parser.add_argument("--contacts", action="store_true", help="With the firm's contacts.")
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print JSON.")

    def handle(self, *args: Any, uid: str, output: Path, **options: Any) -> None:
        target = get_current_customer(uid)
        customer = target.select_related("store").get()
        sections = dossier_of(customer, with_contacts=options["contacts"])
        write_new(output, zip_of(customer, sections))
        counts = {title: len(rows) for title, rows in sections.items()}
        note_step_of(target, SYSTEM, "data_export")
        if options["as_json"]:
            self.stdout.write(json.dumps({"output": str(output), "rows": counts}, indent=2))
            return
        for title, number in counts.items():
            self.stdout.write(f"{title}: {number}")
        self.stdout.write(str(output))


def write_new(output: Path, content: bytes) -> None:
    """Write a file that only its owner may read. Raises CommandError when it exists or cannot be written."""
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror}.") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
