"""JSON log lines with the request's id, without secrets and personal data."""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

import orjson
from django.http import HttpRequest

request_id: ContextVar[str] = ContextVar("request_id", default="")

# query strings, and the parts of invalid requests that gunicorn quotes
QUOTED = re.compile(r"\?.*|(?<=\AInvalid request) from ip=.*", re.DOTALL)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON. Leaves out the text of exceptions, which may quote data."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message_of(record),
            "request_id": getattr(record, "request_id", ""),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["at"] = places(record.exc_info[2])
        return orjson.dumps(line).decode()


def message_of(record: logging.LogRecord) -> str:
    """Return the message. Django's lines about a request get the route, since paths may hold any data."""
    request = getattr(record, "request", None)
    if request is None:
        return QUOTED.sub("", record.getMessage())
    arguments = record.args if isinstance(record.args, tuple) else ()
    if not isinstance(request, HttpRequest):  # the development server's, of its socket
        line, status = (*map(str, arguments), "", "")[:2]
        return f"{line.partition(' ')[0]}: {status}" if status else record.name
    match = getattr(request, "resolver_match", None)
    reason = arguments[0] if arguments else record.name
    return f"{reason}: {request.method} {match.route if match else 'without a route'}"


def places(traceback: TracebackType | None) -> list[str]:
    """Return the innermost eight `file:line function` of a traceback."""
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-8:]
