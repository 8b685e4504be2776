"""The texts of letters: a store's own, or the usual ones. Names in braces stand for facts of the customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orders.models import LetterText
from orders.models.letter import Level
from stores.models import Store


@dataclass(frozen=True)
class Text:
    """Subject and body, and after how many days overdue a reminder goes out."""

    subject: str
    body: str
    days_overdue: int = 0


DEFAULTS: Mapping[int, Text] = {
    Level.STATEMENT: Text(
        "Your statement from {store}",
        "Dear {customer},\n\nyour statement from {first} to {last} is attached. The balance is {balance}.\n\n"
        "{how_to_pay}\n\n{store}\n",
    ),
    Level.FIRST: Text(
        "Reminder: {overdue} is overdue",
        "Dear {customer},\n\nperhaps it escaped your notice: {overdue} is overdue.\n\n{orders}\n\n"
        "{how_to_pay}\n\nIf you have paid meanwhile, thank you.\n\n{store}\n",
        7,
    ),
    Level.SECOND: Text(
        "Second reminder: {overdue} is overdue",
        "Dear {customer},\n\nwe have not received your payment yet. {overdue} is overdue, the oldest part "
        "for {days} days.\n\n{orders}\n\nPlease pay within a week.\n\n{how_to_pay}\n\n{store}\n",
        21,
    ),
    Level.THIRD: Text(
        "Last reminder: {overdue} is overdue",
        "Dear {customer},\n\n{overdue} is overdue, the oldest part for {days} days, in spite of two reminders."
        "\n\n{orders}\n\nPlease pay now, or call us today.\n\n{how_to_pay}\n\n{store}\n",
        35,
    ),
}


def texts_of(store: Store) -> dict[int, Text]:
    """Return the texts of a store by their level."""
    rows = LetterText.objects.for_store(store)
    own = {
        row.level: Text(row.subject, row.body, row.days_overdue or DEFAULTS[row.level].days_overdue)
        for row in rows
    }
    return {**DEFAULTS, **own}
