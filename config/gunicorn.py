"""Settings of gunicorn for production: `gunicorn -c config/gunicorn.py config.wsgi`.

Options of the command line override this file. `WEB_CONCURRENCY` sets the workers: about two for each CPU.
"""

import gc
import logging
import os
import re
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from environ import Env
from gunicorn.http import message
from gunicorn.http.errors import ParseException

try:
    Env.read_env(Path(__file__).resolve().parent.parent / ".env")
except ValueError as error:
    raise SystemExit(f".env cannot be read: {error}") from None


def number(name: str, default: int) -> int:
    text = os.environ.get(name, str(default))
    if not re.fullmatch("[1-9][0-9]{0,3}", text):  # gunicorn accepts 0, and then serves no requests
        raise SystemExit(f"{name} is a whole number from 1 to 9999.")
    return int(text)


bind = os.environ.get("BIND", "127.0.0.1:8000")
# Threads let a worker answer while another request waits for the database or a geocoder.
worker_class = "gthread"
workers = number("WEB_CONCURRENCY", 2)
threads = number("THREADS", 8)
# Longer than the longest request: the database's statement timeout plus a geocoder's budget.
timeout = 30
graceful_timeout = 20
# Longer than a load balancer keeps idle connections; else it sends requests on connections that close.
keepalive = 75
# Long enough for a search of 60,000 words to reach its dialect, which refuses it in its own format.
# gunicorn's setting cannot be above 8190, and "unlimited" would let a client fill the memory.
limit_request_line = message.MAX_REQUEST_LINE = 512 * 1024
# By default requests from this machine, including those through a proxy, may send a header SCRIPT_NAME, which
# changes the path that Django reads.
forwarder_headers = ""
# `fetch(url, {method: "patch"})` sends lower case, and gunicorn would answer with an HTML page. Django reads
# it as PATCH. Dialects answer unknown methods with 405.
permit_unconventional_http_method = True
# Seconds that a client may pause while it sends a body or reads a response.
client_timeout = 10.0
# The limit of `config/nginx.conf.example`. Bodies that an API refuses unread are drained up to this size.
max_body_bytes = 10 * 1024 * 1024


# gunicorn finds its hooks by these names.


def post_worker_init(worker: object) -> None:
    """Prepare a worker. It never creates a missing SQLite file: only `migrate` does."""
    from config import protocol
    from stores.database.sqlite.base import DatabaseWrapper

    protocol.install()
    DatabaseWrapper.creates_files = False
    keep_what_is_loaded()


def keep_what_is_loaded() -> None:
    """Exclude modules and classes from garbage collection, which stops all requests for a tenth of a second."""
    import_module("config.urls")  # with all views, which the first request would load
    import_module("customers.canonical").name_sort_key("A")  # with its table, a third of a second
    gc.collect()
    gc.freeze()


def pre_request(worker: object, req: Any) -> None:
    """Set a timeout on the socket: without one, a client that stalls holds its thread for ever."""
    req.unreader.sock.settimeout(client_timeout)
    if any(name == "CONTENT-LENGTH" and int(value) > max_body_bytes for name, value in req.headers):
        req.force_close()


def post_request(worker: object, req: Any, environ: object, resp: object) -> None:
    """Read the rest of a body that was refused unread, so that the connection can serve the next request.

    gunicorn itself reads 64 KiB and then closes the connection, although it has just answered "keep-alive".
    The next request is then lost, or the response itself when the client is still sending.
    """
    remaining, deadline = max_body_bytes, time.monotonic() + client_timeout
    with suppress(OSError, ParseException):
        while remaining > 0 and not req.body.failed and time.monotonic() < deadline:
            size = len(req.body.read(8192))
            if not size:
                return
            remaining -= size


# Restarting workers bounds a leak in any library; the jitter keeps them from restarting together.
max_requests = 50_000
max_requests_jitter = 5_000
# Heartbeats are files: if they were on a disk that stalls, workers would seem to hang.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - not our data
# No access log: its lines contain query strings, and those contain names and addresses.
accesslog = None
# Unused here, and two servers of one user would need the same path for it.
control_socket_disable = True
# Log the master's lines and Python's warnings in the format of all others, without data of clients.
logging.captureWarnings(True)
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
