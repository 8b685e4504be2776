"""The wizard of imports. Each step is a page that stays where it is when it is loaded again."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.views.decorators.http import require_POST

from customers.imports.admin import texts
from customers.imports.admin.columns_form import ColumnsForm
from customers.imports.admin.upload_form import UploadForm
from customers.imports.columns.targets import IGNORED
from customers.imports.models import Action, ImportJob, ImportRow, State
from customers.imports.models.job import AT_WORK
from customers.imports.reading import Unreadable
from customers.imports.services import deciding, jobs
from customers.imports.services.deleting import throw_away
from customers.imports.services.error_files import error_lines
from customers.imports.services.outcomes import kept_rows
from stores.actors import Actor
from stores.admin.base import ReadOnlyAdmin
from stores.admin.filters import ScopedRelatedFilter
from stores.admin.forms import FinalForm
from stores.admin.submissions import DuplicateSubmission, submit_once
from stores.admin.tenancy import scope_of
from stores.encryption import DecryptionError
from stores.errors import DomainError
from stores.models import Store

PERMISSION = "imports.run_import"
PAGE = 50  # rows of a kind
FIRST = 3  # rows of a kind in the overview
FILE_IS_GONE = (
    "The file of this import is deleted or cannot be read: somebody in it was erased, or it is old."
)
OVERVIEW = (Action.ERROR, Action.CONFLICT, Action.UPDATE, Action.CREATE)


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "state",
        "created",
        "changed",
        "failed_rows",
        "actor_name",
        "created_at",
        "store",
    ]
    list_filter = ["state", ("store", ScopedRelatedFilter)]
    list_select_related = ["store"]
    list_per_page = 50

    @admin.display(description="New")
    def created(self, job: ImportJob) -> int:
        return job.count("create")

    @admin.display(description="Changed")
    def changed(self, job: ImportJob) -> int:
        return job.count("update")

    @admin.display(description="Failed")
    def failed_rows(self, job: ImportJob) -> int:
        return job.failed

    def has_view_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm(PERMISSION)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    def get_urls(self) -> list[URLPattern]:
        buttons: dict[str, Callable[..., HttpResponseBase]] = {
            "columns": self.columns,
            "run": require_POST(self.run),
            "again": require_POST(self.check_again),
            "decide": require_POST(self.decide),
            "cancel": self.cancel,
            "undo": self.undo,
            "errors": self.errors,
        }
        return [
            *(self.button_path(name, view, PERMISSION) for name, view in buttons.items()),
            *super().get_urls(),
        ]

    def page(
        self, request: HttpRequest, name: str, job: ImportJob | None, **context: Any
    ) -> TemplateResponse:
        values = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "job": job,
            "steps": texts.steps(job),
            "title": str(job) if job else "Import customers",
        }
        return TemplateResponse(request, f"admin/imports/importjob/{name}.html", values | context)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Take the file. Its table is looked at now, so that what is no table is refused at once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(scope_of(request).stores(), request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                return HttpResponseRedirect(self.upload(request, form.cleaned_data))
            except DuplicateSubmission as before:
                return self.redirect_duplicate(request, before)
            except (Unreadable, ValueError) as error:
                form.add_error("file", str(error))
        return self.page(request, "upload", None, form=form)

    def upload(self, request: HttpRequest, data: dict[str, Any]) -> str:
        store: Store = data["store"]
        with submit_once(data["once"]) as sent:
            job = jobs.create_job(
                store,
                Actor.staff(request.user),
                data["file"].file,
                data["file"].name,
                blank=data["blank"],
                match=data["match"],
            )
            sent.path = self.url("columns", job)
        return sent.path

    def url(self, name: str, job: ImportJob) -> str:
        return reverse(f"admin:imports_importjob_{name}", args=[job.pk])

    def columns(self, request: HttpRequest, job: ImportJob) -> HttpResponseBase:
        """Choose the fields of the columns, then start the check."""
        if job.source_id or job.state not in (State.UPLOADED, State.CHECKED):
            return HttpResponseRedirect(self.page_of(job))
        form = ColumnsForm(job, request.POST or None)
        if form.is_valid():
            jobs.set_columns(job, [target or IGNORED for target in form.targets])
            return self.move(request, job, State.CHECKING, "The file is being checked.")
        columns = list(zip(job.samples, form, strict=False))
        return self.page(request, "columns", job, form=form, columns=columns)

    def move(
        self, request: HttpRequest, job: ImportJob, state: State, text: str
    ) -> HttpResponseBase:
        return self.button_response(request, job, text, lambda: jobs.start(job, state))

    def run(self, request: HttpRequest, job: ImportJob) -> HttpResponseBase:
        """Write a checked import, or what was decided of one that is done."""
        if job.state != State.DONE:
            return self.move(request, job, State.RUNNING, "The customers are being written.")
        text = "What was decided is being written."
        return self.button_response(request, job, text, lambda: jobs.run_rest(job))

    def decide(self, request: HttpRequest, job: ImportJob) -> HttpResponseBase:
        """Decide one conflict, or all that can be decided so."""
        text, decision = request.POST.get("row", ""), request.POST.get("decision", "")
        pks = [int(text)] if text.isdecimal() else None
        try:
            number = deciding.decide(job, decision, pks)
        except DomainError as refusal:
            return self.button_failed(request, job, refusal)
        response = self.button_done(request, job, f"Decided: {number}. Import them to write them.")
        response["Location"] += "?kind=conflict" if job.count(Action.CONFLICT) else ""
        return response

    def check_again(self, request: HttpRequest, job: ImportJob) -> HttpResponseBase:
        if job.source_id and job.state == State.UNREADABLE:
            return self.move(request, job, State.FETCHING, "Fetching goes on where it was.")
        return self.move(request, job, State.CHECKING, "The file is being checked again.")

    def cancel(self, request: HttpRequest, job: ImportJob) -> HttpResponseBase:
        """Ask with the numbers, then throw the import away."""

        def change(data: dict[str, Any]) -> str:
            throw_away(job)
            return "The import is thrown away."

        form, title = FinalForm(request.POST or None), f"Throw {job} away"
        hint = f"The file and its check of {job.total} rows go. Nothing of it is in the book."
        return self.form_response(
            request, job, form, change, title=title, button="Throw away", hint=hint
        )

    def undo(self, request: HttpRequest, job: ImportJob) -> HttpResponseBase:
        """Ask with the numbers, then take the import back."""
        if job.state not in (State.DONE, State.UNDONE):
            return HttpResponseRedirect(self.page_of(job))
        if request.method == "POST":
            return self.move(request, job, State.UNDOING, "The import is being taken back.")
        return self.page(request, "undo", job, title=f"Take back {job}?")

    def errors(self, request: HttpRequest, job: ImportJob) -> HttpResponseBase:
        lines = error_lines(job)
        try:
            first = next(lines)
        except (Unreadable, DecryptionError):
            self.message_user(request, FILE_IS_GONE, messages.ERROR)
            return HttpResponseRedirect(self.page_of(job))
        content = chain([first], lines)
        response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="rows-to-repair.csv"'
        return response

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        job = self.get_object(request, object_id)
        if job is None:
            self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, job):
            return super().change_view(request, object_id, *args, **kwargs)
        if job.state == State.UPLOADED and not job.source_id:
            return HttpResponseRedirect(self.url("columns", job))
        return self.page(request, "job", job, **self.job_context(request, job))

    def job_context(self, request: HttpRequest, job: ImportJob) -> dict[str, Any]:
        kind = request.GET.get("kind", "")
        context: dict[str, Any] = {
            "figures": texts.figures(job),
            "is_at_work": job.state in (*AT_WORK, State.FETCHING),
            "is_decidable": job.state in deciding.DECIDABLE,
            "kinds": [
                (action, label, job.count(action)) for action, label in KINDS if job.count(action)
            ],
            "kind": kind,
            "rest": jobs.rest_of(job).count() if job.state == State.DONE else 0,
        }
        if job.state == State.UNDONE:
            context |= {"undo_summary": texts.undo_summary(job), "kept": kept_rows(job)[:PAGE]}
        if kind in dict(KINDS):
            page = Paginator(rows_of(job, kind), PAGE).get_page(request.GET.get("page"))
            if kind == Action.CONFLICT:
                context["decisions"] = decisions_of(job)
            return context | {"page": page, "rows": [texts.presented(row) for row in page]}
        return context | {"sections": sections(job)}


KINDS = [
    (Action.ERROR, "Errors"),
    (Action.CONFLICT, "Conflicts"),
    (Action.UPDATE, "Changed"),
    (Action.CREATE, "New"),
    (Action.SAME, "Same"),
    (Action.SKIPPED, "Left out"),
]


def rows_of(job: ImportJob, action: str) -> Any:
    return ImportRow.objects.filter(store=job.store_id, job=job, action=action).order_by("line")


def decisions_of(job: ImportJob) -> list[tuple[str, str, int]]:
    """Return what can be decided of all conflicts at once, with their number."""
    if job.state not in deciding.DECIDABLE:
        return []
    numbers = [(one, deciding.undecided(job, one).count()) for one in deciding.Decision]
    return [(one.value, str(one.label), number) for one, number in numbers if number]


def sections(job: ImportJob) -> list[dict[str, Any]]:
    """Return the first rows of each kind, for the overview."""
    return [
        {
            "kind": action,
            "title": label,
            "count": job.count(action),
            "more": max(job.count(action) - FIRST, 0),
            "rows": [texts.presented(row) for row in rows_of(job, action)[:FIRST]],
        }
        for action, label in KINDS
        if job.count(action) and action in OVERVIEW
    ]
