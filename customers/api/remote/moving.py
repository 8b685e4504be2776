"""Move the customers of another server in. What is fetched is kept, to go on after a stop."""

from __future__ import annotations

import io
import uuid
from contextlib import closing
from importlib import import_module

from django.db import transaction
from django.utils import timezone

from customers.api.client import DialectClient, Json, NotTaken
from customers.api.remote.server import RemoteError, RemoteServer
from customers.api.remote.walking import collection_of, walk
from customers.imports.drafts.draft import Values
from customers.imports.models import ImportedId, ImportJob, ImportSource, State
from customers.imports.services import files
from customers.imports.services.fetched import append, fetched_ids
from customers.imports.services.leases import release, renew
from customers.imports.services.neutral import record_of, refused_record
from customers.money import parse_money
from stores.actors import Actor
from stores.currencies import digits_of
from stores.models import Store

MATCH = ["external_id", "email"]
INTERRUPTED = (State.FETCHING, State.CHECKING, State.RUNNING)
KNOWN = "This server was moved in before. Add --sync to write what changed there."
OTHERWISE = (
    "A move from this server was begun {with_or_without} opening balances and is not finished. "
    "Finish it with the same choice first."
)
NO_BALANCES = "This dialect shows no balances."
HIDDEN = "The server shows no balances to this key. Use a key that may read accounts."


def client_of(package: str) -> DialectClient:
    client: DialectClient = import_module(f"{package}.client").client
    return client


def open_job(
    store: Store,
    actor: Actor,
    dialect: str,
    base_url: str,
    *,
    sync: bool,
    client: DialectClient | None = None,
) -> ImportJob:
    """Return the import that was interrupted, or a new one. Raises RemoteError.

    With `client`, the balances that it shows are posted to customers who come for the first time, each as one
    entry of today.
    """
    source, _ = ImportSource.objects.get_or_create(store=store, dialect=dialect, base_url=base_url)
    day = timezone.now().astimezone(store.tzinfo).date().isoformat() if client else ""
    if client and not client.balance:
        raise RemoteError(NO_BALANCES)
    with transaction.atomic():
        # A second import beside one that is being written would create its customers twice.
        ImportSource.objects.select_for_update().get(store=store, pk=source.pk)
        jobs = ImportJob.objects.filter(store=store, source=source, state__in=INTERRUPTED)
        job = jobs.order_by("-pk").first()
        if job is not None:
            require_same(job, day)
            job.store = store
            return job
        if not sync and ImportedId.objects.filter(store=store, source=source).exists():
            raise RemoteError(KNOWN)
        return create_job(source, actor, day)


def require_same(job: ImportJob, day: str) -> None:
    """Refuse to go on with an import that was begun with another choice. Raises RemoteError."""
    begun = job.options.get("opening", "")
    if bool(begun) != bool(day):
        raise RemoteError(OTHERWISE.format(with_or_without="with" if begun else "without"))


def create_job(source: ImportSource, actor: Actor, day: str) -> ImportJob:
    options = {"format": "server", "blank": "keep", "match": MATCH}
    return ImportJob.objects.create(
        store=source.store,
        source=source,
        name=str(source)[:250],
        format="server",
        vendor=source.dialect,
        sha256=files.hash_of(io.BytesIO()),
        header=["record"],
        targets=["record"],
        options=options | ({"opening": day} if day else {}),
        state=State.FETCHING,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
    )


def fetch(job: ImportJob, token: uuid.UUID, client: DialectClient, key: str) -> None:
    """Fetch what is not fetched yet, page by page; the check is next. Raises RemoteError and LeaseLost.

    The job is leased. After an error, or a kill, fetching goes on with the page where it was.
    """
    assert job.source is not None  # noqa: S101 only such imports are fetched
    job.reload()
    server = RemoteServer(job.source.base_url, client.header, key, lambda: renew(job, token))
    with closing(server):
        path = collection_of(client, server.get)
        seen = fetched_ids(job)
        parameters = job.options.get("cursor") or client.first
        for customers, following in walk(client, server.get, path, seen, parameters):
            lines = b"".join(line_of(client, customer, job) for customer in customers)
            append(job, token, lines, following)
    release(job, token, state=State.CHECKING, problem="", progress=0)


def line_of(client: DialectClient, customer: Json, job: ImportJob) -> bytes:
    """Return a customer as a line of the import's file, also one that this book does not take."""
    foreign_id = str(customer["id"])
    try:
        fields = client.fields(customer, job.store)
        opening = opening_of(client, customer, job)
    except NotTaken as error:
        name = str(customer.get("name") or customer.get("full_name") or "")
        return refused_record(foreign_id, name, str(error))
    # Erp shows an account by its limit only, and not all accounts have one.
    if opening and "is_account_enabled" not in fields:
        fields["is_account_enabled"] = True
    return record_of(foreign_id, fields, opening)


def opening_of(client: DialectClient, customer: Json, job: ImportJob) -> Values:
    """Return the balance of the customer with its day. Raises RemoteError and NotTaken."""
    day = job.options.get("opening")
    if not day:
        return {}
    if client.balance not in customer:
        raise RemoteError(HIDDEN)
    try:
        amount = parse_money(customer[client.balance] or 0, digits_of(job.store.currency))
    except ValueError as error:
        raise NotTaken(f"{client.balance} is no amount of {job.store.currency}.") from error
    return {"amount": str(amount), "as_of": day} if amount else {}
