"""Give the rows that failed back as a file: the original columns, and line, column and why."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from customers.exports.csv_file import Line
from customers.exports.formulas import escape, unescape
from customers.imports.models import Action, ImportJob, ImportRow
from customers.imports.services import files

REPAIR_COLUMNS = ("line", "column", "why")
FAILED = (Action.ERROR, Action.CONFLICT)


def error_lines(job: ImportJob) -> Iterator[str]:
    """Yield the lines of a CSV file that can be repaired and imported again.

    Raises Unreadable, for a file that was deleted, too, and DecryptionError; both before the first line.
    """
    reasons = reasons_by_line(job)
    writer = csv.writer(Line())
    header, _ = without_repairs(job.header)
    width = len(header)
    with files.opened(job) as table:
        # The mark is for spreadsheets.
        yield "\ufeff" + writer.writerow(map(safe, [*header, *REPAIR_COLUMNS]))
        for row in table.rows:
            if row.line in reasons:
                cells = [*row.cells, *[""] * width][:width]
                yield writer.writerow(map(safe, [*cells, str(row.line), *reasons[row.line]]))


def without_repairs(header: list[str]) -> tuple[list[str], int]:
    """Return a header without the columns that a file of errors adds, and their number."""
    added = len(REPAIR_COLUMNS)
    return (header[:-added], added) if tuple(header[-added:]) == REPAIR_COLUMNS else (header, 0)


def safe(cell: str) -> str:
    """Return the cell as no formula, with one apostrophe also where the file has it already."""
    return escape(unescape(cell))


def reasons_by_line(job: ImportJob) -> dict[int, tuple[str, str]]:
    """Return the columns and sentences of each line of the rows that failed."""
    rows = ImportRow.objects.filter(store=job.store_id, job=job, action__in=FAILED)
    reasons = {}
    for line, lines, issues in rows.values_list("line", "lines", "issues"):
        columns = "; ".join(issue["column"] for issue in issues if issue["column"])
        texts = " ".join(issue["text"] for issue in issues)
        reasons.update(dict.fromkeys([line, *lines], (columns, texts)))
    return reasons
