from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.merging.management.arguments import choices_of, get_customer
from customers.merging.management.printing import json_of_merge, lines_of_merge
from customers.merging.services.merging import merge_customers
from customers.merging.services.previews import preview_merge
from stores.actors import SYSTEM
from stores.admin.error_messages import error_message
from stores.errors import DomainError


class Command(BaseCommand):
    help = (
        "Merge the customer AWAY into the customer KEEP: addresses, contacts, tags, orders, consents and what"
        " is owed go to KEEP, and the ids of AWAY lead to KEEP from then on. Prints the id of the merge, with"
        " which unmerge_customers takes it apart. Fields about which the two disagree need --choose."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("keep", metavar="KEEP_UID", help="The customer who stays.")
        parser.add_argument("away", metavar="AWAY_UID", help="The customer who is merged into it.")
        parser.add_argument(
            "--choose",
            action="append",
            default=[],
            metavar="FIELD=SIDE",
            help="Whose value counts: survivor (KEEP) or loser (AWAY). May be given for several fields.",
        )
        parser.add_argument(
            "--preview", action="store_true", help="Show the result; change nothing."
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="Print JSON.")

    def handle(
        self,
        *args: Any,
        keep: str,
        away: str,
        choose: list[str],
        preview: bool,
        as_json: bool,
        **options: Any,
    ) -> None:
        survivor, loser, choices = get_customer(keep), get_customer(away), choices_of(choose)
        try:
            shown = preview_merge(survivor, loser, choices)
            merge = None if preview else merge_customers(survivor, loser, SYSTEM, choices)
        except DomainError as refusal:
            raise CommandError(f"Not merged. {error_message(refusal)}") from refusal
        if as_json:
            self.stdout.write(json.dumps(json_of_merge(shown, merge), indent=2))
            return
        for line in lines_of_merge(shown, merge):
            self.stdout.write(line)
