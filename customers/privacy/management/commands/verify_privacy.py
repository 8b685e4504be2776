"""Check that nothing of erased customers has come back."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from customers.privacy.models import Erasure
from customers.privacy.services.verifying import findings


class Command(BaseCommand):
    help = (
        "Check that no table has personal data of customers that were erased, for example after restoring a"
        " backup. Prints a line for each table that has, and then exits with 1; without any exits with 0."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        number = 0
        for finding in findings():
            number += 1
            self.stdout.write(finding)
        if number:
            sys.exit(1)
        erased = Erasure.objects.count()
        self.stdout.write(f"Nothing is left of {erased} erased customers.")
