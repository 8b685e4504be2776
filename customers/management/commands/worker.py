"""Send webhooks, and do in the background what would take requests too long."""

import signal
import threading
import time
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from customers.api.remote.background import fetch_forever, fetch_waiting
from customers.dialects import packages
from customers.dialects.storefront.webhooks.representations import body_of
from customers.imports.services.working import work_forever, work_on_all
from customers.matching.services.background import compare_forever
from customers.privacy.services.background import make_files_forever
from customers.privacy.services.making_exports import make_waiting
from orders.services.mailing import send_forever, send_waiting
from orders.services.revenue_thirds import refresh_forever
from stores.database.sqlite.base import DatabaseWrapper
from stores.webhooks.worker import CONCURRENCY, Worker

JOIN_SECONDS = 3.0


class Command(BaseCommand):
    help = (
        "Deliver webhooks, send letters, import customers, measure the revenue of each store's customers and"
        " look for duplicates, until SIGTERM or Ctrl-C. Deliveries under way are finished first, which takes"
        " ten seconds at most. Any number of workers may run at the same time."
    )
    requires_system_checks: list[str] = []  # the web process runs them; the worker starts sooner

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once",
            "--burst",
            action="store_true",
            dest="once",
            help="Deliver what is due now, then exit.",
        )
        parser.add_argument(
            "--concurrency",
            type=int,
            default=CONCURRENCY,
            help=f"Attempts at a time, from 1 (default {CONCURRENCY}).",
        )

    def handle(self, *args: Any, once: bool, concurrency: int, **options: Any) -> None:
        worker = Worker(body_of, max(concurrency, 1))
        if once:
            fetch_waiting(packages())
            work_on_all()
            worker.drain()
            make_waiting()
            send_waiting()
            return
        DatabaseWrapper.creates_files = False  # `migrate` has created the database
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        stopping = threading.Event()
        background = (
            ("revenue-thirds", refresh_forever),
            ("duplicates", compare_forever),
            ("imports", work_forever),
            ("servers", partial(fetch_forever, packages=packages())),
            ("privacy", make_files_forever),
            ("letters", send_forever),
        )
        threads = [
            threading.Thread(target=run, args=(stopping,), name=name, daemon=True)
            for name, run in background
        ]
        for thread in threads:
            thread.start()
        worker.run()
        stopping.set()
        join(threads)


def join(threads: list[threading.Thread]) -> None:
    """Wait a moment for threads that are stopping.

    One that is busy for longer is left: the next worker resumes what it does. The interpreter should not end
    while a thread is inside a statement.
    """
    until = time.monotonic() + JOIN_SECONDS
    for thread in threads:
        thread.join(max(until - time.monotonic(), 0))
