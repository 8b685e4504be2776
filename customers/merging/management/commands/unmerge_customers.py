from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.merging.management.arguments import get_merge
from customers.merging.management.printing_unmerges import json_of_unmerge, lines_of_unmerge
from customers.merging.services.unmerge_previews import preview_unmerge
from customers.merging.services.unmerging import unmerge_customers
from stores.actors import SYSTEM
from stores.admin.error_messages import error_message
from stores.errors import DomainError


class Command(BaseCommand):
    help = (
        "Take a merge apart. Both customers get back what they had; what was changed since the merge stays,"
        " and is printed. The newest merge of a customer comes first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "merge", metavar="MERGE_UID", help="The id that merge_customers printed."
        )
        parser.add_argument(
            "--preview", action="store_true", help="Show the result; change nothing."
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print JSON.")

    def handle(self, *args: Any, merge: str, preview: bool, as_json: bool, **options: Any) -> None:
        target = get_merge(merge)
        try:
            shown = preview_unmerge(target)
            if not preview:
                unmerge_customers(target, SYSTEM)
        except DomainError as refusal:
            raise CommandError(f"Not taken apart. {error_message(refusal)}") from refusal
        if as_json:
            self.stdout.write(json.dumps(json_of_unmerge(shown, done=not preview), indent=2))
            return
        for line in lines_of_unmerge(shown, done=not preview):
            self.stdout.write(line)
