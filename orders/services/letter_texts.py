"""What a store writes in its letters: texts by kind, letterhead, and whether reminders go out by themselves."""

from __future__ import annotations

from customers.services.editing import unit_of_work
from orders.letters.placeholders import check_placeholders
from orders.letters.texts import texts_of
from orders.models import LetterSettings, LetterText
from orders.models.letter import Level
from orders.services.reminders import REMINDERS
from stores.errors import Conflict, Invalid


def save_text(text: LetterText) -> None:
    """Save a new or changed text.

    Raises Invalid `placeholder`, `required` for a reminder without its days, and `days_in_order`, and Conflict
    `letter_text_exists`.
    """
    check_placeholders("subject", text.subject)
    check_placeholders("body", text.body)
    with unit_of_work():
        if (
            LetterText.objects.filter(store=text.store, level=text.level)
            .exclude(pk=text.pk)
            .exists()
        ):
            raise Conflict("letter_text_exists", "level")
        check_days(text)
        text.save()


def check_days(text: LetterText) -> None:
    if text.level == Level.STATEMENT:
        text.days_overdue = None
        return
    if not text.days_overdue:
        raise Invalid("required", "days_overdue")
    texts = texts_of(text.store)
    days = [
        text.days_overdue if level == text.level else texts[level].days_overdue
        for level in REMINDERS
    ]
    if days != sorted(set(days)):
        raise Invalid("days_in_order", "days_overdue", days=", ".join(map(str, days)))


def save_settings(settings: LetterSettings) -> None:
    """Save the letter settings of a store. Raises Conflict `letter_settings_exist`."""
    with unit_of_work():
        others = LetterSettings.objects.filter(store=settings.store).exclude(pk=settings.pk)
        if others.exists():
            raise Conflict("letter_settings_exist", "store")
        settings.save()
