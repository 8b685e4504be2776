"""The server behind nginx with the lines of `config/nginx.conf.example`."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.cluster import free_port
from tests.faults.http import DOORS, Client, Door, at
from tests.faults.service import ROOT, Book, Server
from tests.waiting import until

PREFIX = "/clientele"
MAIN = """
daemon off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; {lines} }}
}}
"""


@contextmanager
def nginx(folder: Path, server: Server, prefix: str = "") -> Iterator[int]:
    """Start nginx in front of a server, under a path; yield its port."""
    port = free_port()
    lines = (ROOT / "config" / "nginx.conf.example").read_text()
    lines = lines.replace("127.0.0.1:8000;", f"127.0.0.1:{server.port}{'/' if prefix else ''};")
    lines = lines.replace("location / {", f"location {prefix}/ {{")
    configuration = folder / "nginx.conf"
    configuration.write_text(MAIN.format(folder=folder, port=port, lines=lines))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-c", str(configuration), "-p", str(folder)])
    try:
        until(lambda: is_answering(port), 10, "nginx answers")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def is_answering(port: int) -> bool:
    try:
        return Client(port, "", "").status("/") > 0
    except OSError:
        return False


@pytest.fixture
def proxied(tmp_path: Path, book: Book, server: Server) -> Iterator[Client]:
    with nginx(tmp_path, server) as port:
        yield Client(port, book.store, book.key)


def test_links_in_answers_keep_the_port(proxied: Client) -> None:
    answer = proxied.call("GET", "/customers", headers={"Host": f"localhost:{proxied.port}"})
    assert answer.json["meta"]["path"] == f"http://localhost:{proxied.port}/customers"


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
def test_what_nginx_refuses_is_json(proxied: Client, door: Door) -> None:
    too_large = proxied.call("POST", door.path, b"x" * (11 * 1024 * 1024))
    too_long = proxied.call("GET", f"{door.path}?{door.search}={'x' * 70_000}")
    assert [too_large.status, too_long.status] == [413, 414]
    for answer in (too_large, too_long):
        assert answer.headers["content-type"] == "application/json"
        assert at(answer.json, door.probe.message_at)


def test_server_under_a_path_links_to_itself(tmp_path: Path, book: Book) -> None:
    with (
        book.server(PATH_PREFIX=PREFIX) as server,
        nginx(tmp_path, server, PREFIX) as port,
    ):
        client = Client(port, book.store, book.key)
        tills = client.call("GET", f"{PREFIX}/customers", headers={"Host": f"localhost:{port}"})
        assert tills.json["meta"]["path"] == f"http://localhost:{port}{PREFIX}/customers"
        spec = client.call("GET", f"{PREFIX}/docs/pos/openapi.json").json
        assert [server["url"] for server in spec["servers"]] == [PREFIX, f"{PREFIX}/v5"]
        login = client.call("GET", f"{PREFIX}/admin/")
        assert login.headers["location"].startswith(f"{PREFIX}/admin/login/")
        page = client.call("GET", f"{PREFIX}/docs/pos/").raw.decode()
        assert f'href="{PREFIX}/static/' in page
        style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert client.status(style) == 200
