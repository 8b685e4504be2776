"""For load balancers and orchestrators: is the process alive, and is it any use."""

from __future__ import annotations

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the process answers; it asks nobody else."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, else 503."""
    try:
        missing = pending_migrations()
    except Error:
        return JsonResponse({"status": "database unavailable"}, status=503)
    if missing:
        return JsonResponse({"status": "not migrated", "pending": missing}, status=503)
    return JsonResponse({"status": "ok"})


def pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
