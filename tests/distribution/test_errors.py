"""What Citus says otherwise than a plain PostgreSQL, in the words in which it was seen to say it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, NotSupportedError

from customers.api.problems import problem_of
from customers.dialects import registered_dialects
from customers.models.estimates import remote_plan
from customers.services.editing import unit_of_work
from stores.database.constraint_names import constraint_name
from stores.errors import Conflict
from stores.webhooks import worker as worker_module
from stores.webhooks.worker import Worker

BROKEN_KEY = "could not commit transaction for shard 102008 on at least one active node"


def integrity_error(message: str, constraint: str | None = None) -> IntegrityError:
    """As psycopg's errors are: what another machine says comes without the constraint's name."""
    error = IntegrityError(message)
    error.__cause__ = Exception(message)
    error.__cause__.diag = SimpleNamespace(constraint_name=constraint)  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (
            'duplicate key value violates unique constraint "customer_email_once_102309"\n'
            "DETAIL:  Key (store_id, email_key)=(1, a@example.com) already exists.",
            "customer_email_once",
        ),
        (
            'new row for relation "customers_customer_102040" violates check constraint'
            ' "customer_gender_known"',
            "customer_gender_known",
        ),
        (
            'violates foreign key constraint "customers_address_customer_id_9a1_fk_x"',
            "customers_address_customer_id_9a1_fk_x",
        ),
        ("something else", ""),
    ],
)
def test_a_constraint_is_known_by_its_name_without_the_number_of_the_part(
    message: str, name: str
) -> None:
    assert constraint_name(integrity_error(message)) == name


def test_a_table_of_the_coordinator_has_a_number_in_its_constraints_too() -> None:
    error = integrity_error("duplicate key value …", "idempotency_key_once_103675")
    assert constraint_name(error) == "idempotency_key_once"


@pytest.mark.django_db
def test_a_key_that_is_broken_at_the_commit_is_a_conflict() -> None:
    with pytest.raises(Conflict, match="changed_meanwhile"), unit_of_work():
        raise InternalError(BROKEN_KEY)


@pytest.mark.parametrize("dialect", registered_dialects(), ids=lambda dialect: dialect.name)
def test_every_dialect_calls_it_a_conflict(dialect: Any) -> None:
    """Also where the outermost commit is that of the Idempotency-Key."""
    problem = problem_of(InternalError(BROKEN_KEY), dialect)
    assert (problem.code, problem.reason) == ("conflict", "changed_meanwhile")
    assert problem_of(InternalError("disk full"), dialect).code == "unavailable"


def test_a_statement_that_is_not_supported_is_not_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise NotSupportedError("complex joins are only supported when …")

    monkeypatch.setattr(worker_module, "close_if_unusable_or_obsolete", lambda: None)
    monkeypatch.setattr(Worker, "_run_once", refuse)
    with pytest.raises(NotSupportedError):
        Worker(lambda event: None).run()


def test_an_estimate_is_that_of_the_machine_which_has_the_store() -> None:
    """The distributed plan's own is always 100000 or 0."""
    inner = {"Node Type": "Bitmap Heap Scan", "Plan Rows": 68}
    task = {"Node": "host=a", "Remote Plan": [[{"Plan": inner}]]}
    job = {"Task Count": 1, "Tasks Shown": "All", "Tasks": [task]}
    outer = {"Node Type": "Custom Scan", "Plan Rows": 0, "Distributed Query": {"Job": job}}
    assert remote_plan(outer)["Plan Rows"] == 68
