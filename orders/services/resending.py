"""Send letters again that were not sent."""

from __future__ import annotations

from django.utils import timezone

from customers.services.editing import unit_of_work
from orders.models import Letter
from orders.models.letter import LetterState
from stores.errors import Conflict, NotFound
from stores.models.base import TenantQuerySet


def send_again(target: TenantQuerySet[Letter]) -> None:
    """Queue a letter again that was not sent. Raises NotFound and Conflict `letter_not_failed`."""
    with unit_of_work():
        letter = target.of_one_store().select_for_update(of=("self",), no_key=True).first()
        if letter is None:
            raise NotFound
        if letter.state != LetterState.FAILED:
            raise Conflict("letter_not_failed")
        letter.state, letter.error, letter.attempts = LetterState.WAITING, "", 0
        letter.due_at = timezone.now()
        letter.save(update_fields=["state", "error", "attempts", "due_at"])
