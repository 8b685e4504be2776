"""What is wrong with the customer book: a line for all rows of a kind together."""

from __future__ import annotations

from django.db.models import QuerySet

from config.admin.today.line import Line
from config.admin.today.source import Day, Item, counted
from customers.matching.models import DuplicatePair
from customers.matching.scoring import Level
from customers.models import Address
from customers.models.address import GeocodeStatus
from customers.tasks.kinds import TaskKind
from customers.tasks.models.assignment import WHOLE_KIND
from customers.tasks.services.assigning import Task


class Duplicates(Line):
    kind = TaskKind.DUPLICATES
    title, permission, model = (
        "The customer book",
        "matching.view_duplicatepair",
        "matching_duplicatepair",
    )

    def rows(self, day: Day) -> QuerySet[DuplicatePair]:
        pairs = DuplicatePair.objects.for_store(day.store).open().at_least(Level.LIKELY)
        return pairs.select_related("first", "second").order_by("-score", "id")

    def item(self, day: Day, number: int) -> Item:
        best = self.rows(day)[0]
        noun = "likely duplicate" if number == 1 else "likely duplicates"
        reason = f"Such as {best.first} and {best.second}"
        return Item(
            Task(self.kind, WHOLE_KIND), f"{counted(number)} {noun}", self.url(day.store), (reason,)
        )


class Addresses(Line):
    kind = TaskKind.ADDRESSES
    title, permission, model = "The customer book", "customers.view_customer", "customers_customer"

    def query(self) -> dict[str, str]:
        return {"geocode": "failed"}

    def rows(self, day: Day) -> QuerySet[Address]:
        failed = Address.objects.for_store(day.store).filter(geocode_status=GeocodeStatus.FAILED)
        return failed.filter(customer__deleted_at=None).order_by("id")

    def item(self, day: Day, number: int) -> Item:
        words = "address is not on the map" if number == 1 else "addresses are not on the map"
        title, reason = f"{counted(number)} {words}", "Drivers see no pin for them"
        return Item(Task(self.kind, WHOLE_KIND), title, self.url(day.store), (reason,))
