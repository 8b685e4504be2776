"""What the pages of an import say: steps, figures, and differences in words."""

from __future__ import annotations

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.text import capfirst

from customers.imports.models import Action, ImportJob, ImportRow, State
from customers.imports.services import outcomes
from customers.imports.services.deciding import choices_of
from customers.models import Customer

LABELS = {
    "addresses": "Addresses",
    "billing_address": "Billing address",
    "contacts": "Contacts",
    "tags": "Tags",
    "default_depot_id": "Depot",
}
FOUND_BY = {
    "our id": "our id",
    "external_id": "external id",
    "email": "e-mail",
    "phone": "phone and name",
    "score": "similar in all",
}
STEPS = ("File", "Columns", "Check", "Run", "Result")
OF_SERVER = ("Server", "Fetched", "Check", "Run", "Result")
# The number of the current step in each state.
AT = {
    State.FETCHING: 0,
    State.UPLOADED: 1,
    State.CHECKING: 2,
    State.CHECKED: 2,
    State.UNREADABLE: 2,
    State.CANCELLED: 2,
    State.RUNNING: 3,
    State.DONE: 4,
    State.UNDOING: 4,
    State.UNDONE: 4,
}
# What the figures of written rows mean once they are written.
WRITTEN = {
    State.DONE: {Action.CREATE: "were added", Action.UPDATE: "got new values"},
    State.UNDOING: {Action.CREATE: "are being deleted", Action.UPDATE: "get their values back"},
    State.UNDONE: {Action.CREATE: "had been added", Action.UPDATE: "had got new values"},
}
EXPLANATIONS = {
    Action.CREATE: ("New", "customers that the book does not have", ""),
    Action.UPDATE: ("Changed", "blank cells change nothing", ""),
    Action.SAME: ("Same", "left as they are", ""),
    Action.CONFLICT: ("Conflicts", "left out until decided", "warn"),
    Action.ERROR: ("Errors", "left out until repaired", "bad"),
    Action.SKIPPED: ("Left out", "suppliers and the like", ""),
}


def steps(job: ImportJob | None) -> list[dict[str, Any]]:
    """Return the five steps, those that are done marked, with a second line for each."""
    at = AT[State(job.state)] if job else 0
    seconds = second_lines(job) if job else [""] * len(STEPS)
    titles = OF_SERVER if job and job.source_id else STEPS
    return [
        {"title": title, "second": second, "is_done": number < at, "is_current": number == at}
        for number, (title, second) in enumerate(zip(titles, seconds, strict=True))
    ]


def second_lines(job: ImportJob) -> list[str]:
    taken = sum(bool(target) for target in job.targets)
    failed = f"{job.count('conflict')} conflicts, {job.count('error')} errors" if job.counts else ""
    result = "taken back" if job.state == State.UNDONE else "can be taken back"
    columns = [f"{len(job.header)} columns", f"{taken} taken, {len(job.header) - taken} left out"]
    if job.source_id:
        columns = ["", f"{job.total} customers" if job.counts else ""]
    return [
        *columns,
        failed,
        "",
        result,
    ]


def figures(job: ImportJob) -> list[dict[str, Any]]:
    """Return the numbers of rows of each kind, with what that means."""
    clears = job.options.get("blank") == "clear"
    rows = []
    for action, (title, text, tone) in EXPLANATIONS.items():
        if action == Action.SKIPPED and not job.count(action):
            continue
        if action == Action.UPDATE and clears:
            text = "blank cells clear their field"
        text = WRITTEN.get(State(job.state), {}).get(action, text)
        number = job.count(action)
        rows.append(
            {"title": title, "number": number, "text": text, "tone": tone if number else ""}
        )
    return rows


def label_of(name: str) -> str:
    if name in LABELS:
        return LABELS[name]
    column: Any = Customer._meta.get_field(name)
    return str(capfirst(str(column.verbose_name)))


def words(value: Any) -> str:
    """Return a value of a difference as people read it."""
    if value in (None, "", []):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def differences(row: ImportRow) -> list[tuple[str, str, str]]:
    return [(label_of(name), words(old), words(new)) for name, (old, new) in row.diff.items()]


def presented(row: ImportRow) -> dict[str, Any]:
    """Return a row as the tables show it."""
    return {
        "row": row,
        "found_by": FOUND_BY.get(row.matched_by, ""),
        "differences": differences(row),
        "choices": choices_of(row),
        "url": row.customer_id,
    }


def undo_summary(job: ImportJob) -> str:
    counts = outcomes.counts_of(job)
    undone = counts["undone"]
    text = "1 row is taken back" if undone == 1 else f"{intcomma(undone)} rows are taken back"
    return (
        f"{text}; {counts['kept']} could not go back in full, see below."
        if counts["kept"]
        else f"{text}."
    )
