from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from customers.matching.levels import Level
from customers.matching.models import DuplicatePair
from customers.matching.services.background import compare_waiting_of
from customers.matching.services.scanning import scan_slices, start_scan
from customers.matching.words import in_words, ranked
from customers.models import MatchProfile
from stores.management.arguments import get_store
from stores.models import Store

PAGE = 1_000  # pairs in memory


class Command(BaseCommand):
    help = (
        "Compare all customers of a store and print the pairs that may be one customer, the most likely first:"
        " both ids, score in bits, level and reasons, with tabs between them. If interrupted, run it again to"
        " continue. Pairs that somebody has called different people are not printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--store", metavar="UUID", required=True, help="The store to search.")
        parser.add_argument(
            "--least",
            choices=[level.value for level in Level],
            default=Level.LIKELY.value,
            help="The least level to print: sure, likely (the default) or possible.",
        )
        parser.add_argument("--json", action="store_true", help="Print a JSON object in each line.")

    def handle(self, *args: Any, **options: Any) -> None:
        store = get_store(options["store"])
        scan(store)
        for pair in pairs(store, Level(options["least"])):
            self.stdout.write(json_line(pair) if options["json"] else text_line(pair))


def scan(store: Store) -> None:
    """Compare all customers. Continue a scan that was interrupted."""
    progress = start_scan(store)
    rows = MatchProfile.objects.for_store(store)
    with tqdm(total=rows.count(), unit=" customers", disable=None) as bar:
        bar.update(rows.filter(customer__lte=progress.cursor).count())
        for compared in scan_slices(store, progress):
            bar.update(compared.customers)
    compare_waiting_of(store)


def pairs(store: Store, least: Level) -> Iterator[DuplicatePair]:
    """Yield open pairs, the most likely first, read in pages."""
    rows = DuplicatePair.objects.for_store(store).open().at_least(least)
    page = list(rows.select_related("first", "second").order_by("-score", "pk")[:PAGE])
    while page:
        yield from page
        last = page[-1]
        rest = rows.after_keys(last.score, last.pk, order=("-score", "id"))
        page = list(rest.select_related("first", "second").order_by("-score", "pk")[:PAGE])


def text_line(pair: DuplicatePair) -> str:
    reasons = "; ".join(in_words(reason) for reason in ranked(pair.reasons))
    ids = f"{pair.first.uid}\t{pair.second.uid}"
    return f"{ids}\t{pair.score:.1f}\t{pair.level}\t{reasons}"


def json_line(pair: DuplicatePair) -> str:
    reasons = [{**reason, "text": in_words(reason)} for reason in pair.reasons]
    return json.dumps(
        {
            "first": str(pair.first.uid),
            "second": str(pair.second.uid),
            "score": pair.score,
            "level": pair.level,
            "reasons": reasons,
        }
    )
