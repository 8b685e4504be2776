"""Leases: one worker at a time works on an import, and another goes on with it when that one dies."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from customers.imports.models import ImportJob
from customers.imports.models.job import AT_WORK

LEASE = timedelta(seconds=30)


class LeaseLost(Exception):
    """Another worker has taken the import over."""


def lease(job: ImportJob, states: Iterable[str] = AT_WORK) -> uuid.UUID | None:
    """Lease the job and return the token, or None if a worker is at it."""
    # A worker that was taken for dead has another token, and stops when it renews its lease.
    now, token = timezone.now(), uuid.uuid4()
    jobs = ImportJob.objects.filter(store=job.store_id, pk=job.pk, state__in=states)
    free = jobs.unleased(now)
    leased = free.update(leased_until=now + LEASE, lease_token=token)
    return token if leased else None


def renew(job: ImportJob, token: uuid.UUID, **columns: object) -> None:
    """Prolong the lease, and save how far the work is. Raises LeaseLost."""
    own = ImportJob.objects.filter(store=job.store_id, pk=job.pk, lease_token=token)
    if not own.update(leased_until=timezone.now() + LEASE, **columns):
        raise LeaseLost


def release(job: ImportJob, token: uuid.UUID, **columns: object) -> None:
    """End the lease and save the new state. Raises LeaseLost."""
    own = ImportJob.objects.filter(store=job.store_id, pk=job.pk, lease_token=token)
    if not own.update(leased_until=None, lease_token=None, **columns):
        raise LeaseLost
    job.reload()
