"""Health probes for load balancers and orchestrators."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse


class HealthMiddleware:
    """Answers `/healthz` and `/readyz` before other middleware requires a known host, HTTPS or a session.

    Probes use the server's address and plain http.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path_info.rstrip("/"))
        if probe is None:
            return self.get_response(request)
        response = probe(request)
        response["Cache-Control"] = "no-store"
        response["Content-Length"] = str(len(response.content))
        return response


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the process lives, without asking the database."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and is migrated, else 503."""
    try:
        missing = pending_migrations()
    except Error:
        return JsonResponse({"status": "database unavailable"}, status=503)
    if missing:
        return JsonResponse({"status": "not migrated", "pending": missing}, status=503)
    return JsonResponse({"status": "ok"})


def pending_migrations() -> int:
    return len(known_migrations() - MigrationRecorder(connection).applied_migrations().keys())


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return app and name of every migration in this code."""
    return frozenset(MigrationLoader(None).disk_migrations)


PROBES = {"/healthz": healthz, "/readyz": readyz}
