"""Move the customers of another server in. What is fetched is kept, to go on after a stop."""

from __future__ import annotations

import io
from importlib import import_module

from customers.api.client import DialectClient, Json, NotTaken
from customers.api.remote.server import RemoteError, RemoteServer
from customers.api.remote.walking import collection_of, walk
from customers.imports.models import ImportedId, ImportJob, ImportSource, State
from customers.imports.services import files
from customers.imports.services.fetched import append, fetched_ids, finish
from customers.imports.services.neutral import record_of, refused_record
from stores.actors import Actor
from stores.models import Store

MATCH = ["external_id", "email"]
INTERRUPTED = (State.FETCHING, State.CHECKING, State.RUNNING)


def client_of(package: str) -> DialectClient:
    client: DialectClient = import_module(f"{package}.client").client
    return client


def open_job(store: Store, actor: Actor, dialect: str, base_url: str, *, sync: bool) -> ImportJob:
    """Return the import that was interrupted, or a new one. Raises RemoteError."""
    source, _ = ImportSource.objects.get_or_create(store=store, dialect=dialect, base_url=base_url)
    # A second import beside one that is being written would create its customers twice.
    jobs = ImportJob.objects.filter(store=store, source=source, state__in=INTERRUPTED)
    job = jobs.order_by("-pk").first()
    if job is not None:
        job.store = store
        return job
    if not sync and ImportedId.objects.filter(store=store, source=source).exists():
        raise RemoteError(
            "This server was moved in before. Add --sync to write what changed there."
        )
    return ImportJob.objects.create(
        store=store,
        source=source,
        name=f"{dialect} at {base_url}"[:250],
        format="server",
        vendor=dialect,
        sha256=files.hash_of(io.BytesIO()),
        header=["record"],
        targets=["record"],
        options={"format": "server", "blank": "keep", "match": MATCH},
        state=State.FETCHING,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
    )


def fetch(job: ImportJob, client: DialectClient, server: RemoteServer) -> None:
    """Fetch what is not fetched yet, page by page. Raises RemoteError; running again goes on."""
    path = collection_of(client, server.get)
    seen = fetched_ids(job)
    parameters = job.options.get("cursor") or client.first
    for customers, following in walk(client, server.get, path, seen, parameters):
        lines = b"".join(line_of(client, customer, job.store) for customer in customers)
        append(job, lines, following)
    finish(job)


def line_of(client: DialectClient, customer: Json, store: Store) -> bytes:
    """Return a customer as a line of the import's file, also one that this book does not take."""
    foreign_id = str(customer["id"])
    try:
        return record_of(foreign_id, client.fields(customer, store))
    except NotTaken as error:
        name = str(customer.get("name") or customer.get("full_name") or "")
        return refused_record(foreign_id, name, str(error))
