"""JSON log lines that carry the request's id and neither secrets nor personal data."""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

import orjson

request_id: ContextVar[str] = ContextVar("request_id", default="")

# query strings, and what gunicorn repeats of requests that are no HTTP
QUOTED = re.compile(r"\?.*|(?<=\AInvalid request) from ip=.*", re.DOTALL)


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class JsonFormatter(logging.Formatter):
    """One object a line. Of an exception only the type and the places are kept: its text may quote data."""

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
    """The message; of Django's own lines about a request the route, because clients put anything into paths."""
    request = getattr(record, "request", None)
    if request is None:
        return QUOTED.sub("", record.getMessage())
    match = getattr(request, "resolver_match", None)
    reason = record.args[0] if isinstance(record.args, tuple) and record.args else record.name
    return f"{reason}: {request.method} {match.route if match else 'without a route'}"


def places(traceback: TracebackType | None) -> list[str]:
    """The innermost eight `file:line function` of a traceback."""
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return found[-8:]
