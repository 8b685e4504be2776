"""Decide what to do with each row of a batch: create, update, same, conflict or error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from customers.imports.drafts import Draft, Issue
from customers.imports.models import Action, ImportedId, ImportJob, ImportRow
from customers.imports.services import matching, syncing
from customers.imports.services.changes import changes_of
from customers.imports.services.likeness import SCORE, match_by_score
from customers.imports.services.openings import (
    Posted,
    leave_out_posted,
    obstacle_of_opening,
    posted_openings,
)
from customers.imports.services.refusals import issue_of
from customers.imports.services.returning import find_erased
from customers.imports.services.seen import Seen
from customers.imports.services.syncing import BY_FOREIGN_ID
from customers.imports.services.views import View, load_views
from customers.matching.services.statistics import frequencies_of
from stores.errors import DomainError
from stores.models import Store

IDENTITY = ("name", "first_name", "last_name", "company", "email", "phone", "mobile")


class Planner:
    """Plans batches of rows of one job; customers are only read."""

    def __init__(self, job: ImportJob, seen: Seen) -> None:
        self._job, self._seen = job, seen
        self._store: Store = job.store
        self._kinds: Sequence[str] = job.options["match"]
        self._book = frequencies_of(job.store) if SCORE in self._kinds else None

    def plan(self, drafts: list[Draft]) -> list[ImportRow]:
        """Return the rows with their plan. Rows of a server are first compared with what it said last."""
        known = syncing.known_ids(self._job, drafts)
        rows = {}
        for draft in drafts:
            if draft.foreign_id in known:
                rows[draft.line] = self.plan_known(draft, known[draft.foreign_id])
        others = self.plan_others([draft for draft in drafts if draft.line not in rows])
        return [*rows.values(), *others]

    def plan_known(self, draft: Draft, imported: ImportedId) -> ImportRow:
        """Plan a row of a customer that came from this server before: only what changed there since."""
        row = row_of(self._job, draft)
        row.customer_id, row.matched_by = imported.customer_id, BY_FOREIGN_ID
        if row.action:
            return row
        rest = syncing.changed_there(draft, imported)
        if rest is None:
            row.action = Action.SAME
            return row
        imported.store = self._store
        view = syncing.view_of(imported)
        row.customer_id, row.seen_version = view.customer.pk, view.customer.version
        row.payload = rest.as_json() | {"said": draft.as_json()}
        self.compare(row, rest, view)
        issue = syncing.obstacle(rest, view, imported)
        return with_conflict(row, issue) if issue else row

    def plan_others(self, drafts: list[Draft]) -> list[ImportRow]:
        candidates = matching.find_candidates(self._store, drafts, self._kinds, self._seen)
        merged = matching.find_merged(self._store, drafts, self._kinds)
        views = load_views(self._store, candidates.keys | {*merged.values()})
        names = {pk: matching.name_of(view.customer) for pk, view in views.items()}
        has_openings = any(draft.opening for draft in drafts)
        posted = posted_openings(self._store.pk, views) if has_openings else {}
        erased = find_erased(self._store, drafts)
        rows = []
        for draft in drafts:
            match = matching.match(draft, candidates, self._kinds, names)
            if found := matching.match_merged(draft, match, merged):
                match = with_merged(found, views)
            # Scoring costs queries for each row, so only those whom no key finds are scored.
            if self._book is not None and match == matching.Match() and not draft.issues:
                match = match_by_score(self._store, draft, self._book)
                if match.customer and match.customer not in views:
                    views |= load_views(self._store, [match.customer])
            owner = candidates.by_email.get(draft.email_key)
            leave_out_posted(draft, match.customer, posted)
            row = self.plan_row(draft, match, views, owner, posted)
            if row.action == Action.CREATE and (moment := erased.get(draft.line)):
                with_conflict(row, Issue.of("erased", day=f"{moment:%Y-%m-%d}"))
            rows.append(row)
        return rows

    def plan_row(
        self,
        draft: Draft,
        match: matching.Match,
        views: dict[int, View],
        owner: int | None,
        posted: Posted,
    ) -> ImportRow:
        """Return the row with its plan. `owner` is the customer who has the row's e-mail."""
        row = row_of(self._job, draft)
        if row.action:
            return row
        issue = match.issue or obstacle(draft, match, views, owner, posted)
        is_decided_by_hand = (
            issue is not None and match.customer is not None and match.issue is issue
        )
        # A match that people must confirm is compared as well: they want to see what it would change.
        if issue and not is_decided_by_hand:
            return with_conflict(row, issue)
        view = views[match.customer] if match.customer else None
        row.customer_id, row.matched_by = match.customer, match.by
        row.seen_version = view.customer.version if view else None
        self.compare(row, draft, view)
        return with_conflict(row, issue) if issue else row

    def compare(self, row: ImportRow, draft: Draft, view: View | None) -> None:
        """Set the action of a row by what it would change. The cells of a new customer are checked already."""
        if view is None:
            row.action = Action.CREATE
            return
        try:
            row.diff = changes_of(view, draft).diff
        except DomainError as refusal:
            row.action, row.issues = Action.ERROR, [asdict(issue_of(refusal))]
            return
        row.action = Action.UPDATE if row.diff or draft.opening else Action.SAME


def row_of(job: ImportJob, draft: Draft) -> ImportRow:
    """Return the row of a draft. Its action is set only where the row itself decides it."""
    row = ImportRow(
        store_id=job.store_id,
        job=job,
        line=draft.line,
        lines=draft.lines,
        label=draft.label[:250],
        payload=draft.as_json(),
        issues=[asdict(issue) for issue in draft.issues],
        repairs=[asdict(repair) for repair in draft.repairs],
    )
    if draft.issues:
        row.action = Action.ERROR
    elif not draft.is_customer:
        row.action = Action.SKIPPED
    return row


def obstacle(
    draft: Draft, match: matching.Match, views: dict[int, View], owner: int | None, posted: Posted
) -> Issue | None:
    """Return what stands against writing the row, apart from its own cells."""
    if match.customer and views[match.customer].customer.deleted_at:
        return Issue.of("deleted")
    if owner is not None and owner != match.customer:
        return Issue.of("email_taken", "email", name=str(views[owner].customer))
    if match.customer is None and not any(draft.values.get(name) for name in IDENTITY):
        return Issue.of("no_identity")
    present = views[match.customer].customer if match.customer else None
    return obstacle_of_opening(draft, present, posted) if draft.opening else None


def with_merged(match: matching.Match, views: dict[int, View]) -> matching.Match:
    """Return the match of a row about somebody who was merged, for people to decide."""
    issue = Issue.of("merged", name=str(views[match.customer or 0].customer))
    return matching.Match(match.customer, match.by, issue)


ROW_ERRORS = frozenset({"no_identity", "account_disabled"})


def with_conflict(row: ImportRow, issue: Issue) -> ImportRow:
    row.action = Action.ERROR if issue.code in ROW_ERRORS else Action.CONFLICT
    row.issues = [asdict(issue)]
    return row
