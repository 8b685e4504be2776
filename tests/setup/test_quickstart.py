"""`manage.py quickstart` as a new user runs it, with a new database file."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.bootstrap import ROOT
from customers.dialects import registered_dialects
from tests.waiting import until

COUNTED = ("stores_store", "stores_apikey", "customers_customer", "orders_order", "auth_user")


def start(book: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "quickstart", *options],
        cwd="/",
        env={**os.environ, "DATABASE_URL": f"sqlite:///{book}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(book: Path, *options: str) -> tuple[int, str, str]:
    """Run quickstart to its end, and return exit status, stdout and stderr."""
    process = start(book, *options)
    out, err = process.communicate(timeout=900)  # a busy machine
    return process.returncode, out, err


def ask(book: Path, query: str) -> list[tuple]:
    with closing(sqlite3.connect(book)) as connection:
        return connection.execute(query).fetchall()


def counts(book: Path) -> dict[str, int]:
    return {table: ask(book, f"SELECT count(*) FROM {table}")[0][0] for table in COUNTED}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("quickstart") / "book.sqlite3"


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def first_output(book: Path, port: int) -> str:
    """Return the output of the first run."""
    status, out, err = finish(book, "--no-server", "--port", str(port))
    assert status == 0, err
    return out


@pytest.fixture
def running_server(book: Path, port: int, first_output: str) -> Iterator[None]:
    """Start a server with a second run."""
    process = start(book, "--port", str(port))
    try:
        until(lambda: takes_connections(port), 30, "the server starts")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def takes_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_first_run_fills_the_database(book: Path, first_output: str) -> None:
    assert counts(book) == {
        "stores_store": 3,
        "stores_apikey": 4,
        "customers_customer": 500,
        "orders_order": 1300,
        "auth_user": 1,
    }


def test_demo_customers_are_geocoded_and_tagged(book: Path, first_output: str) -> None:
    default = "FROM customers_address WHERE is_default AND role = 'delivery'"
    assert ask(book, f"SELECT count(*), sum(geocode_status = 'success') {default}") == [(500, 500)]
    owing = "SELECT count(DISTINCT store_id), count(*) >= 5 FROM customers_customer WHERE account_balance > 0"
    assert ask(book, owing) == [(2, 1)]
    for table in ("customers_customertag", "customers_contact", "stores_depot"):
        assert ask(book, f"SELECT count(*) >= 3 FROM {table}") == [(1,)]


def test_demo_history_covers_two_years_in_order(book: Path, first_output: str) -> None:
    span = "SELECT julianday(max({0})) - julianday(min({0})) FROM {1}"
    assert ask(book, span.format("placed_at", "orders_order"))[0][0] > 690
    assert ask(book, span.format("created_at", "customers_customer"))[0][0] > 690
    future = "SELECT count(*) FROM orders_payment WHERE created_at > datetime('now')"
    assert ask(book, future) == [(0,)]
    backwards = """
        SELECT count(*) FROM (SELECT created_at < lag(created_at) OVER
        (PARTITION BY store_id ORDER BY id) AS back FROM stores_event) WHERE back
    """
    assert ask(book, backwards) == [(0,)]


def test_printed_commands_list_customers(running_server: None, first_output: str) -> None:
    lines = re.findall(r"^  (curl .*)$", first_output, re.M)
    assert len(lines) == len(registered_dialects())
    for line in lines:
        _, _, header, url = shlex.split(line)
        request = urllib.request.Request(url, headers=dict([header.split(": ", 1)]))
        with urllib.request.urlopen(request) as answer:
            assert "@example.com" in json.dumps(json.load(answer))


def test_printed_login_opens_the_back_office(
    running_server: None, port: int, first_output: str
) -> None:
    password = re.search(r"login admin, password (\S+)", first_output)[1]
    admin = f"http://127.0.0.1:{port}/admin/"
    assert f"Back office: {admin}" in first_output
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = opener.open(f"{admin}login/?next=/admin/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    form = {
        "username": "admin",
        "password": password,
        "csrfmiddlewaretoken": token,
        "next": "/admin/",
    }
    data = urllib.parse.urlencode(form).encode()
    with opener.open(f"{admin}login/?next=/admin/", data) as answer:
        assert answer.url == admin
        assert "Sign out" in answer.read().decode()


def test_second_run_adds_nothing_and_prints_no_secret(book: Path, first_output: str) -> None:
    before = counts(book)
    status, out, _ = finish(book, "--no-server")

    assert status == 0
    assert counts(book) == before
    assert "sk_live_" not in out
    assert "python3 manage.py changepassword admin" in out
    stores = [uid for (uid,) in ask(book, "SELECT uid FROM stores_store")]
    offered = re.findall(r"create_api_key --name me --store (\S+)", out)
    assert sorted(uid.replace("-", "") for uid in offered) == sorted(stores)


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::"])
def test_port_in_use_is_refused_first(tmp_path: Path, address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as other:
        other.bind((address, 0))
        other.listen()
        port = other.getsockname()[1]
        status, _, err = finish(tmp_path / "book.sqlite3", "--port", str(port))

    assert status == 1
    assert f"Port {port} cannot be used" in err
    assert f"quickstart --port {port + 1}" in err
    assert not (tmp_path / "book.sqlite3").exists()


@pytest.mark.parametrize("port", ["0", "65536"])
def test_invalid_port_is_refused(tmp_path: Path, port: str) -> None:
    status, _, err = finish(tmp_path / "book.sqlite3", "--no-server", "--port", port)
    assert (status, err) == (1, "CommandError: --port takes a number from 1 to 65535.\n")
    assert not (tmp_path / "book.sqlite3").exists()


def test_database_with_stores_gets_no_demo_data(tmp_path: Path) -> None:
    book = tmp_path / "book.sqlite3"
    manage = [sys.executable, str(ROOT / "manage.py")]
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{book}"}
    subprocess.run([*manage, "migrate", "-v0"], env=env, check=True)
    place = ["--country", "AU", "--currency", "AUD"]
    subprocess.run([*manage, "create_store", "Mine", *place], env=env, check=True, stdout=-3)

    status, out, err = finish(book, "--no-server")

    assert status == 0, err
    assert ask(book, "SELECT name FROM stores_store") == [("Mine",)]
    assert "every store: sk_live_" in out
