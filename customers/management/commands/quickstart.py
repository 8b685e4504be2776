from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle
from types import ModuleType
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from customers.dialects import registered_dialects
from stores.models import ApiKey, Store

HOST = "127.0.0.1"
LOGIN = "admin"
KEY_NAME = "quickstart"
STOP_SECONDS = 15  # deliveries under way take ten at most

# Text by store; None is every store. The text is None after the first run.
Keys = dict[Store | None, str | None]


class Command(BaseCommand):
    help = (
        "Set up a database to try Clientele: migrate it, load demo businesses if it is empty, create a staff"
        " login and API keys, print them, and serve. A second run creates nothing twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=8000, help="The port on 127.0.0.1 (default 8000)."
        )
        parser.add_argument(
            "--no-server",
            action="store_true",
            help="Set up and print the logins, but do not serve.",
        )

    def handle(self, *args: Any, port: int, no_server: bool, **options: Any) -> None:
        if not 0 < port < 65536:
            raise CommandError("--port takes a number from 1 to 65535.")
        if not no_server:
            require_free_port(port)
        demo = import_demo()
        self.stderr.write("Migrating the database …", str)
        call_command("migrate", interactive=False, verbosity=0)
        if not Store.objects.exists():
            self.stderr.write("Loading three demo businesses with two years of orders …", str)
            demo.load()
        for line in introduction(f"http://{HOST}:{port}", [shop.name for shop in demo.SHOPS]):
            self.stdout.write(line)
        if not no_server:
            self.stdout.flush()
            serve(port)


def import_demo() -> ModuleType:
    """Return the module that creates the demo data. It needs packages that production does not have.

    Raises CommandError when they are missing.
    """
    try:
        from orders import demo
    except ModuleNotFoundError as error:
        raise CommandError(
            f"quickstart needs {error.name} for its demo data: install requirements-demo.lock."
        ) from None
    return demo


def require_free_port(port: int) -> None:
    """Raise CommandError unless gunicorn will be able to listen on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            remedy = f"python3 manage.py quickstart --port {port + 1}"
            raise CommandError(f"Port {port} cannot be used. Use another one: {remedy}") from None


def introduction(origin: str, shops: list[str]) -> Iterator[str]:
    """Yield the lines that say how to log in. A secret is shown only when it was just created."""
    yield ""
    yield from login(origin)
    stores = list(Store.objects.filter(name__in=shops).order_by("id"))
    keys: Keys = {owner: issue(owner) for owner in (*stores, None)}
    yield ""
    yield from key_lines(keys)
    if stores:
        yield ""
        yield from samples(origin, keys)
    yield ""


def login(origin: str) -> Iterator[str]:
    yield f"Back office: {origin}/admin/"
    users = get_user_model().objects
    if users.filter(username=LOGIN).exists():
        yield f"  login {LOGIN}, password as shown on the first run"
        yield f"  a new one: python3 manage.py changepassword {LOGIN}"
        return
    password = secrets.token_urlsafe(12)
    users.create_superuser(LOGIN, password=password)
    yield f"  login {LOGIN}, password {password} (shown this once)"


def issue(owner: Store | None) -> str | None:
    """Create a key and return its text. Return None when a former run has created it."""
    if ApiKey.objects.filter(store=owner, name=KEY_NAME, revoked_at=None).exists():
        return None
    return ApiKey.issue(store=owner, name=KEY_NAME)[1]


def key_lines(keys: Keys) -> Iterator[str]:
    yield (
        "API keys (shown this once):"
        if any(keys.values())
        else ("API keys were shown on the first run. Only their hashes are stored. For new ones:")
    )
    for owner, text in keys.items():
        scope = f"--store {owner.uid}" if owner else "--administrator"
        command = f"python3 manage.py create_api_key --name me {scope}"
        yield f"  {owner or 'every store'}: {text or command}"


def samples(origin: str, keys: Keys) -> Iterator[str]:
    """Yield one request for each dialect, with the stores in turn: every dialect serves every store."""
    stores = cycle([owner for owner in keys if owner])
    for dialect, store in zip(registered_dialects(), stores, strict=False):
        yield f"{dialect.name}:"
        key = keys[store] or "YOUR_KEY"
        url = origin + dialect.sample.format(store=store.uid)
        yield f"  curl -H 'Authorization: Bearer {key}' '{url}'"


def serve(port: int) -> None:
    """Run the production server and a webhook worker until a signal stops them."""
    os.chdir(settings.BASE_DIR)
    # whitenoise warns when it is missing; the files come from the packages
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    options = ["-c", "config/gunicorn.py", "--bind", f"{HOST}:{port}", "config.wsgi"]
    server = run("-m", "gunicorn", *options)
    worker = run("manage.py", "worker")
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all three processes
    try:
        status = server.wait()
    finally:
        stop(worker)
    sys.exit(status)


def stop(worker: subprocess.Popen[bytes]) -> None:
    """Stop the worker, which resumes its work next time, also after a kill."""
    worker.terminate()
    try:
        worker.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def run(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, *arguments])  # noqa: S603 - fixed arguments, no shell
