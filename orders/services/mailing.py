"""Send the letters that wait, in the worker. No transaction is open while the mail server is talked to.

A letter is claimed before it is handed over. If the worker dies between handing over and noting it, nobody
knows whether the letter went out: it is marked so and waits for a person. So no letter is ever sent twice by
itself.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.core.mail import get_connection
from django.db import Error, connection
from django.db.models import Q
from django.utils import timezone

from customers.models import Customer
from orders.letters.messages import Message, message_of
from orders.letters.recipients import may_get_letters
from orders.models import Letter, LetterSettings
from orders.models.letter import LetterState, Level
from orders.services.letter_runs import queue_reminders
from stores.actors import SYSTEM
from stores.admin.error_messages import error_message
from stores.database.connections import close_if_unusable_or_obsolete
from stores.errors import DomainError
from stores.models.base import TenantQuerySet

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_ROUNDS = 5.0
SECONDS_BETWEEN_REMINDERS = 3600.0
LEASE = timedelta(minutes=10)
PAUSES = (60, 600, 3600, 6 * 3600)  # seconds before another attempt after a temporary refusal
FAULT = "It could not be written, for a reason that the server's log names."
BAD_ADDRESS = "This is no address that a mail server takes."
UNKNOWN = "The connection broke while it was sent. Ask the customer before you send it again."


def send_forever(stopping: threading.Event) -> None:
    """Work until `stopping` is set. After an error, try again in the next round."""
    reminded_at = float("-inf")
    while not stopping.wait(SECONDS_BETWEEN_ROUNDS):
        try:
            close_if_unusable_or_obsolete()
            if time.monotonic() - reminded_at > SECONDS_BETWEEN_REMINDERS:
                remind_by_itself()
                reminded_at = time.monotonic()
            send_waiting()
        except (Error, OSError, SMTPException) as error:
            logger.warning("letters could not be sent: %s", type(error).__name__)
            connection.close()
    connection.close()


def remind_by_itself() -> None:
    """Queue the reminders of stores that have switched this on."""
    for settings in LetterSettings.objects.filter(reminds_by_itself=True).select_related("store"):
        today = timezone.localdate(timezone=settings.store.tzinfo)
        try:
            queue_reminders(settings.store, SYSTEM, today)
        except DomainError:  # a person or another worker did it at this moment
            continue


def send_waiting() -> int:
    """Send what waits, and return the number of letters sent. Raises OSError when the server is away."""
    give_up_broken()
    sent = 0
    for store_id in waiting_stores():
        with get_connection() as server:  # before a letter is claimed: it may be away
            while (letter := claim(store_id)) is not None:
                sent += deliver(letter, server)
    return sent


def waiting_stores() -> list[int]:
    return sorted(to_send().order_by().values_list("store_id", flat=True).distinct())


def to_send() -> TenantQuerySet[Letter]:
    return Letter.objects.filter(state=LetterState.WAITING, due_at__lte=timezone.now())


def claim(store_id: int) -> Letter | None:
    """Take the oldest letter of a store that waits; no other worker gets it then."""
    # A few, because another worker may be claiming the first ones.
    for letter in to_send().filter(store=store_id).order_by("id")[:5]:
        if change(
            letter, LetterState.WAITING, state=LetterState.SENDING, due_at=timezone.now() + LEASE
        ):
            return letter
    return None


def give_up_broken() -> None:
    """Mark letters whose worker died while it sent them."""
    broken = Letter.objects.filter(state=LetterState.SENDING, due_at__lte=timezone.now())
    for letter in broken.order_by("id"):
        change(letter, LetterState.SENDING, state=LetterState.FAILED, error=UNKNOWN)


def deliver(letter: Letter, server: Any) -> bool:
    """Send one claimed letter, and note what became of it. Return whether it was sent."""
    try:
        message = prepare(letter)
    except DomainError as refusal:
        return note(letter, LetterState.FAILED, error=error_message(refusal))
    except Error:  # the database's: the letter stays claimed, and is given up after its lease
        raise
    except Exception as fault:
        logger.error("letter %s cannot be written", letter.pk, exc_info=fault)
        return note(letter, LetterState.FAILED, error=FAULT)
    if message is None:
        return note(letter, LetterState.DROPPED)
    return hand_over(letter, message, server)


def hand_over(letter: Letter, message: Message, server: Any) -> bool:
    """Give the message to the mail server. Raises OSError and SMTPException when the connection breaks."""
    message.email.connection = server
    try:
        message.email.send()
    except SMTPRecipientsRefused as refusal:
        return refused(letter, *next(iter(refusal.recipients.values())))
    except SMTPResponseException as refusal:
        return refused(letter, refusal.smtp_code, refusal.smtp_error)
    except ValueError:  # a line break in it, for example
        return note(letter, LetterState.FAILED, error=BAD_ADDRESS)
    except (SMTPException, OSError):
        note(letter, LetterState.FAILED, error=UNKNOWN)
        raise  # so that those after it wait for a new connection
    note(letter, LetterState.SENT, sent_at=timezone.now(), amount=message.amount)
    return True


def prepare(letter: Letter) -> Message | None:
    """Return the message, or None when nothing is to be asked for any more."""
    rows = Customer.objects.filter(store=letter.store_id, pk=letter.customer_id)
    customer = may_get_letters(rows).select_related("store").first()
    if customer is None:
        return None
    message = message_of(letter, customer)
    # Who has paid since it was queued is not reminded.
    is_needed = letter.level == Level.STATEMENT or message.amount > 0
    return message if is_needed else None


def refused(letter: Letter, code: int, text: bytes | str) -> bool:
    """Note a server's refusal. After a temporary one (4xx) try again later, a few times."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    error = f"The mail server refused it: {code} {words}"[:500]
    if code < 500 and letter.attempts < len(PAUSES):
        due_at = timezone.now() + timedelta(seconds=PAUSES[letter.attempts])
        return note(
            letter, LetterState.WAITING, error=error, due_at=due_at, attempts=letter.attempts + 1
        )
    return note(letter, LetterState.FAILED, error=error)


def note(letter: Letter, state: LetterState, **columns: Any) -> bool:
    """Write the state of a letter that this worker has claimed. Return False: it was not sent."""
    change(letter, LetterState.SENDING, state=state, **columns)
    return False


def change(letter: Letter, former: LetterState, **columns: Any) -> bool:
    """Update a letter if it still has its former state. Return whether it had."""
    rows = Letter.objects.filter(Q(store=letter.store_id, pk=letter.pk), state=former)
    return bool(rows.update(**columns))
