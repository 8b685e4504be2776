"""Bring the rows of one customer together, wherever they stand in the file."""

from __future__ import annotations

from dataclasses import asdict

from customers.canonical import fold
from customers.imports.drafts import Draft, Issue
from customers.imports.drafts.cells import Place
from customers.imports.drafts.finishing import find_keys
from customers.imports.drafts.merging import add_child, difference, merge
from customers.imports.models import Action, ImportJob, ImportRow
from customers.imports.services.seen import Seen

# What a plan found in the book, not in the row: another plan finds it again, if it still is so.
OF_PLAN = frozenset(
    [
        *("account_disabled", "ambiguous", "deleted", "email_taken"),
        *("merged", "no_identity", "opening_posted", "over_limit", "uncertain"),
    ]
)


class Grouper:
    """Groups the rows of one job batch by batch. Rows of earlier batches are read back when one more comes."""

    def __init__(self, job: ImportJob, seen: Seen) -> None:
        self._job, self._seen = job, seen
        self._has_parents = "parent" in job.targets
        self._place = Place.of(job.store)

    def group(self, drafts: list[Draft]) -> list[Draft]:
        """Return the customers of a batch, those of earlier batches included where a row was added."""
        keys = {key for draft in drafts for key in keys_of(draft)}
        known = self._seen.lines(sorted(keys))
        customers: dict[int, Draft] = {}
        for draft in drafts:
            line = next((known[key] for key in keys_of(draft) if key in known), None)
            if line is None and draft.parent:
                line = self.line_without_parent(draft)
            if line is None:
                customers[draft.line] = draft
            else:
                self.join(customers, line, draft)
            # Its keys lead to the first row from now on: A and B may share an e-mail, B and C a phone.
            first = draft.line if line is None else line
            known.update((key, first) for key in draft.keys if key not in known)
        self.remember(customers)
        return list(customers.values())

    def line_without_parent(self, draft: Draft) -> int | None:
        draft.issues.append(Issue.of("no_parent", name=draft.parent))
        return None

    def join(self, customers: dict[int, Draft], line: int, draft: Draft) -> None:
        """Add a row to the customer that begins in `line`, or mark both as contradicting each other."""
        first = customers.get(line) or self.saved(line)
        customers[line] = first
        if draft.parent:
            add_child(first, draft)
        elif what := difference(first, draft):
            first.issues.append(same_customer(draft.line, what))
            draft.issues.append(same_customer(line, what))
            customers[draft.line] = draft
        else:
            merge(first, draft)

    def saved(self, line: int) -> Draft:
        """Return the draft of a row of an earlier batch, which will be planned again."""
        row = ImportRow.objects.get(store=self._job.store_id, job=self._job, line=line)
        draft = Draft.from_json(line, row.payload)
        draft.lines = row.lines
        draft.is_customer = row.action != Action.SKIPPED
        draft.issues = [Issue(**issue) for issue in row.issues if issue["code"] not in OF_PLAN]
        draft.repairs = [Issue(**repair) for repair in row.repairs]
        find_keys(draft, self._place)
        return draft

    def remember(self, customers: dict[int, Draft]) -> None:
        for draft in customers.values():
            keys = all_keys(draft) if self._has_parents else draft.keys
            self._seen.remember((key, draft.line) for key in keys)


def keys_of(draft: Draft) -> list[str]:
    """Return the keys that find the customer of a row: its own, or that of the firm it belongs to."""
    return [f"n:{fold(draft.parent)}"] if draft.parent else draft.keys


def all_keys(draft: Draft) -> list[str]:
    return [*draft.keys, f"n:{draft.folded_name}"] if draft.folded_name else draft.keys


def same_customer(line: int, what: str) -> Issue:
    return Issue.of("same_customer", line=line, what=what)


def is_twin(row: ImportRow) -> bool:
    """Return True for a row whose only fault is another row of the same customer."""
    return bool(row.issues) and all(issue["code"] == "same_customer" for issue in row.issues)


def mark_twins(row: ImportRow, other: ImportRow) -> None:
    """Turn two rows that found the same customer of the book into conflicts that name each other."""
    for one, line in ((row, other.line), (other, row.line)):
        one.issues = [*one.issues, asdict(same_customer(line, "key"))]
        one.action = Action.CONFLICT
