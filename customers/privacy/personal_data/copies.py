"""Tables whose rows repeat personal data without being about a customer: stored answers and sessions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

import orjson
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Q

from customers.privacy.personal_data.tables import CODE, CopyTable, Person, json_fragments
from stores.encryption import DecryptionError
from stores.models import IdempotentRequest
from stores.models.idempotency import answers_encryptor

MESSAGES = "_messages"  # what is to be shown on the next page, in a session
BATCH_SIZE = 500
UID = re.compile(rb"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")


def delete_answers(persons: Sequence[Person]) -> list[dict[str, int]]:
    """Delete stored answers that show a customer. A retry of their requests is then a new request."""
    keys = Q(api_key__store=persons[0].customer.store_id) | Q(api_key__store=None)
    rows, found = IdempotentRequest.objects.filter(keys), [list[int]() for _ in persons]
    shown = PersonsInAnswers(persons)
    for pk, body in each_answer(rows):
        for index in shown.indexes_in(body):
            found[index].append(pk)
    IdempotentRequest.objects.filter(pk__in={pk for own in found for pk in own}).delete()
    return [{IdempotentRequest._meta.label: len(own)} for own in found]


def each_answer(rows: Any) -> Iterator[tuple[int, bytes]]:
    last = 0
    while True:
        batch = list(rows.filter(pk__gt=last).order_by("pk")[:BATCH_SIZE])
        for row in batch:
            try:
                yield row.pk, answers_encryptor.decrypt(row.body)
            except DecryptionError:  # the key is gone, so nobody can read it
                continue
        if len(batch) < BATCH_SIZE:
            return
        last = batch[-1].pk


class PersonsInAnswers:
    """Finds which of the customers an answer shows: by its uid, or by its key together with personal data."""

    def __init__(self, persons: Sequence[Person]) -> None:
        self._by_uid = {person.customer.uid.hex: n for n, person in enumerate(persons)}
        self._by_key = {person.customer.pk: n for n, person in enumerate(persons)}
        self._fragments = [json_fragments(person.texts) for person in persons]

    def indexes_in(self, body: bytes) -> set[int]:
        uids = {found.decode().replace("-", "") for found in UID.findall(body)}
        by_uid = {self._by_uid[uid] for uid in uids & self._by_uid.keys()}
        # Manufacturing shows the key alone, and so may any row.
        by_key = {self._by_key[key] for key in ids_in(body) & self._by_key.keys()}
        return by_uid | {n for n in by_key if any(part in body for part in self._fragments[n])}


def ids_in(body: bytes) -> set[Any]:
    try:
        return set(values_of_id(orjson.loads(body)))
    except orjson.JSONDecodeError:
        return set()


def values_of_id(data: Any) -> Iterator[Any]:
    if isinstance(data, dict):
        if isinstance(data.get("id"), int):
            yield data["id"]
        data = [*data.values()]
    if isinstance(data, list):
        for part in data:
            yield from values_of_id(part)


def drop_messages(persons: Sequence[Person]) -> list[dict[str, int]]:
    """Drop messages that wait in sessions and name a customer."""
    changed = [0 for _ in persons]
    for session in Session.objects.all():
        data = session.get_decoded()
        messages = text_of_messages(data.get(MESSAGES) or "[]")
        named = [n for n, person in enumerate(persons) if any(t in messages for t in person.texts)]
        if named:
            del data[MESSAGES]
            session.session_data = SessionStore().encode(data)
            session.save(update_fields=["session_data"])
        for n in named:
            changed[n] += 1
    return [{Session._meta.label: number} for number in changed]


def text_of_messages(stored: str) -> str:
    """Return all that these messages say, as people read it: they are stored as JSON with HTML in it."""
    return unescape("\n".join(str(part) for message in json.loads(stored) for part in message))


ANSWER_COPIES = (
    CopyTable(
        IdempotentRequest,
        "Answers kept for retries",
        {
            "body": "The answer, encrypted. Deleted when it shows the customer.",
            "headers": "May hold the path of the customer. Deleted with the answer.",
            "key": "Chosen by the client's software. Deleted with the answer.",
            "fingerprint": CODE,
        },
    ),
    CopyTable(
        Session,
        "Messages in sessions of staff",
        {
            "session_data": "Messages that name the customer are dropped.",
            "session_key": "A random number.",
        },
    ),
)
