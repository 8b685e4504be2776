"""How gunicorn serves in production: `gunicorn -c config/gunicorn.py config.wsgi`.

The command line wins over this file. Workers: `WEB_CONCURRENCY`, about two a CPU.
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
    if not re.fullmatch("[1-9][0-9]{0,3}", text):  # gunicorn takes 0, and serves nobody
        raise SystemExit(f"{name} is a whole number from 1 to 9999.")
    return int(text)


bind = os.environ.get("BIND", "127.0.0.1:8000")
# Threads let a worker answer while another request waits for the database or a geocoder.
worker_class = "gthread"
workers = number("WEB_CONCURRENCY", 2)
threads = number("THREADS", 8)
# Longer than the longest request, the database's statement timeout and a geocoder's budget together.
timeout = 30
graceful_timeout = 20
# Longer than a load balancer keeps its connections, or it sends into closing ones.
keepalive = 75
# Long enough for a search of 60,000 words to reach its dialect, which refuses it in words its client reads.
# gunicorn takes a limit above 8190 from no setting, and "unlimited" would let a client fill the memory.
limit_request_line = message.MAX_REQUEST_LINE = 512 * 1024
# By default whoever asks from this machine, a proxy's clients too, may send a header SCRIPT_NAME, and so
# have a path read as another one.
forwarder_headers = ""
# `fetch(url, {method: "patch"})` sends it in small letters, and would get an HTML page for it. Django reads
# it as PATCH; what nobody knows is the dialects' 405.
permit_unconventional_http_method = True
# Seconds that a client may pause within its body, or before it takes more of an answer.
client_timeout = 10.0
# As much as `config/nginx.conf.example` passes on. Bodies that an API refuses unread are taken up to here.
max_body_bytes = 10 * 1024 * 1024


# gunicorn looks for its hooks by these names.


def post_worker_init(worker: object) -> None:
    """Serves a book that `migrate` has made, and makes no empty one where it is gone."""
    from config import protocol
    from stores.database.sqlite.base import DatabaseWrapper

    protocol.install()
    DatabaseWrapper.creates_files = False
    keep_what_is_loaded()


def keep_what_is_loaded() -> None:
    """Leaves modules and classes out of all garbage collections: going through them takes a tenth of a
    second, in which no request is answered."""
    import_module("config.urls")  # and all views, which the first request would load
    gc.collect()
    gc.freeze()


def pre_request(worker: object, req: Any) -> None:
    """Lets a client that has stopped give its thread back; without, it would hold it for good."""
    req.unreader.sock.settimeout(client_timeout)
    if any(name == "CONTENT-LENGTH" and int(value) > max_body_bytes for name, value in req.headers):
        req.force_close()


def post_request(worker: object, req: Any, environ: object, resp: object) -> None:
    """Takes what a refusal has left of the body, so that the connection serves the next request.

    gunicorn takes 64 KiB of it by itself, and then closes what it has just called "keep-alive": the
    next request is lost, or the answer itself when the client is still sending.
    """
    left, deadline = max_body_bytes, time.monotonic() + client_timeout
    with suppress(OSError, ParseException):
        while left > 0 and not req.body.failed and time.monotonic() < deadline:
            taken = len(req.body.read(8192))
            if not taken:
                return
            left -= taken


# A leak in any library stays bounded; the jitter keeps workers from leaving together.
max_requests = 50_000
max_requests_jitter = 5_000
# Heartbeats are files: on a disk that stalls they would look like hanging workers.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - not our data
# No access log: its lines hold queries, and those hold names and addresses.
accesslog = None
# Nobody here uses it, and two servers of one user would fight for its path.
control_socket_disable = True
# The master's own lines and Python's warnings, in the form of all others and without what clients sent.
logging.captureWarnings(True)
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
