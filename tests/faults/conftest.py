from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.faults.cluster import Cluster, open_folder
from tests.faults.http import Client
from tests.faults.service import Book, Server


@pytest.fixture(scope="session")
def root() -> Iterator[Path]:
    with open_folder("faults") as folder:
        yield folder


@pytest.fixture(scope="session")
def cluster(root: Path) -> Iterator[Cluster]:
    cluster = Cluster(root)
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def book(root: Path, cluster: Cluster) -> Book:
    return Book(root, cluster)


@pytest.fixture(scope="session")
def server(book: Book) -> Iterator[Server]:
    """Start two gunicorn workers; check the log at the end."""
    with book.server() as server:
        yield server


@pytest.fixture(scope="session")
def client(book: Book, server: Server) -> Client:
    return book.client(server)


@pytest.fixture
def receiver() -> Iterator[HTTPServer]:
    """Start a webhook receiver that handles several requests at a time."""
    with HTTPServer(host="127.0.0.1", port=0, threaded=True) as receiver:
        yield receiver
