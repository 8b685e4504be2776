"""Imports that failed, or wait for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from config.admin.today.source import SYSTEMS, Day, Item, Source, page_of
from customers.imports.models import ImportJob, State
from customers.tasks.kinds import TaskKind
from customers.tasks.services.assigning import Task

RECENT = timedelta(days=14)  # older imports that failed are history


class Imports(Source):
    """Files that cannot be read, and those that are checked and wait for a person."""

    is_counted = False
    kind = TaskKind.IMPORT
    title, permission, model = SYSTEMS, "imports.run_import", "imports_importjob"

    def rows(self, day: Day) -> QuerySet[Any]:
        recent = Q(state=State.UNREADABLE, created_at__date__gte=day.today - RECENT)
        waiting = Q(state__in=(State.UPLOADED, State.CHECKED))
        return ImportJob.objects.for_store(day.store).filter(recent | waiting)

    def item(self, day: Day, job: ImportJob) -> Item:
        failed = job.state == State.UNREADABLE
        return Item(
            Task(self.kind, job.pk),
            f"{job.name} cannot be read" if failed else f"{job.name} waits for you",
            page_of(self.model, job.pk),
            (job.problem or what_waits(job),),
            "",
            "failed"
            if failed
            else f"since {date_format(localtime(job.created_at), 'DATE_FORMAT')}",
            "bad" if failed else "",
        )


def what_waits(job: ImportJob) -> str:
    if job.state == State.UPLOADED:
        return "Its columns are to be checked"
    return f"{job.writes} rows can go in, {job.failed} cannot"
