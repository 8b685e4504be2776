"""The three compared servers, their and the database's CPU time, and wrk."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

from django.db import connection

PROCESSES, THREADS = 2, 4
TICKS = os.sysconf("SC_CLK_TCK")
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
LUA = """
local paths, ports = %s, %s
local headers = {%s}
local n, serial, threads = 0, %d, 0
setup = function(thread)
  threads = threads + 1
  thread:set("share", threads)
  thread.addr = wrk.lookup("127.0.0.1", ports[threads %% #ports + 1])[1]
end
init = function(args)
  serial = serial + share * 1000000000000
end
request = function()
  n = n + 1
  local path = paths[n %% #paths + 1]
  if "%s" == "GET" then return wrk.format("GET", path, headers) end
  local body = string.gsub([[%s]], "{n}", string.format("%%d", serial + n))
  return wrk.format("POST", path, headers, body)
end
"""


@dataclass(frozen=True)
class Server:
    name: str
    application: str
    settings: str = "config.settings"
    options: tuple[str, ...] = ()


SERVERS = (
    # as in production, except that no worker is replaced during a round
    Server(
        "clientele",
        "config.wsgi:application",
        options=("-c", "config/gunicorn.py", "--max-requests", "0"),
    ),
    Server("floor", "tests.benchmarks.floor:application"),
    Server("naive", "config.wsgi:application", "tests.benchmarks.naive_settings"),
)


@dataclass(frozen=True)
class Measured:
    """Result of a round: requests a second, latencies in ms, CPU time of a request in ms, failures."""

    rate: float
    p50: float
    p99: float
    cpu: float
    failures: int


class Running:
    """A server whose processes each have a port, as behind a load balancer."""

    def __init__(self, server: Server) -> None:
        self.processes = [Process(server) for _ in range(PROCESSES)]
        self.ports = [process.port for process in self.processes]

    def ask(self, path: str, headers: dict[str, str]) -> bytes:
        """Return the body of one response."""
        url = f"http://127.0.0.1:{self.ports[0]}{path}"
        with urlopen(Request(url, headers=headers)) as answer:  # a server started here
            return answer.read()

    def stop(self) -> None:
        for process in self.processes:
            process.stop()

    def cpu(self) -> dict[int, float]:
        """Return the CPU seconds used so far by each process, including the database's."""
        pids = [pid for process in self.processes for pid in process.pids()]
        return {pid: cpu_of(pid) for pid in [*pids, *backends()]}


class Process:
    """A gunicorn process with one worker on a free port."""

    def __init__(self, server: Server) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        settings = {"DJANGO_SETTINGS_MODULE": server.settings, "RATE_LIMIT": "100000000/min"}
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "-b",
            f"127.0.0.1:{self.port}",
            "-k",
            "gthread",
        ]
        command += ["-w", "1", "--threads", str(THREADS), "--keep-alive", "75"]
        command += ["--log-level", "warning", *server.options, server.application]
        self.process = subprocess.Popen(command, env=os.environ | settings)
        self.wait()

    def wait(self) -> None:
        until = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)  # stop at once: no request is waiting
        self.process.wait(30)  # its threads may end a call first

    def pids(self) -> list[int]:
        me = self.process.pid
        return list(map(int, Path(f"/proc/{me}/task/{me}/children").read_text().split()))


def cpu_of(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return 0.0
    ticks = text.rpartition(")")[2].split()
    return (int(ticks[11]) + int(ticks[12])) / TICKS


def backends() -> list[int]:
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in cursor.fetchall()]


def settle() -> None:
    """Wait until the database is idle: a query continues after its client disconnects."""
    if connection.vendor != "postgresql":
        return
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
        "AND pid <> pg_backend_pid()"
    )
    with connection.cursor() as cursor:
        while True:
            cursor.execute(busy)
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.1)


@contextmanager
def running(names: list[str]) -> Iterator[dict[str, Running]]:
    started: dict[str, Running] = {}
    try:
        for server in SERVERS:
            if server.name in names:
                started[server.name] = Running(server)
        yield started
    finally:
        for one in started.values():
            one.stop()


def drive(
    server: Running,
    paths: list[str],
    headers: dict[str, str],
    seconds: float,
    body: dict | None,
    script: Path,
    connections: int,
) -> Measured:
    """Run one round of wrk over the paths in turn."""
    listed = "{" + ", ".join(json.dumps(path) for path in paths) + "}"
    sent = ", ".join(f"[{json.dumps(name)}] = {json.dumps(headers[name])}" for name in headers)
    method, text = ("POST", json.dumps(body)) if body else ("GET", "")
    serial = time.time_ns() // 1000
    ports = "{" + ", ".join(f'"{port}"' for port in server.ports) + "}"
    script.write_text(LUA % (listed, ports, sent, serial, method, text))
    before = server.cpu()
    command = [
        "wrk",
        f"-t{PROCESSES}",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "20s",
        "--latency",
    ]
    command += ["-s", str(script), f"http://127.0.0.1:{server.ports[0]}"]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    used = sum(now - before.get(pid, 0) for pid, now in server.cpu().items())
    return read(output, used, seconds)


def read(said: str, cpu: float, seconds: float) -> Measured:
    """Parse wrk's output; a round without any response counts as one request."""
    requests = int(re.search(r"(\d+) requests in", said)[1])
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(
        r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said
    )
    failures = int(refused[1]) if refused else 0
    failures += sum(map(int, broken.groups())) if broken else 0
    rate = max(float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]), 1 / seconds)
    return Measured(
        rate, latency(said, 50), latency(said, 99), 1000 * cpu / max(requests, 1), failures
    )


def latency(said: str, percent: int) -> float:
    number, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)\b", said).groups()
    return float(number) * UNITS[unit]
