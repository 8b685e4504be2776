"""The commands: what they print, and their exit status."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command

from customers.imports.models import ImportJob, State
from customers.imports.services import jobs, working
from customers.imports.services.leases import lease
from customers.models import Customer
from stores.models import Store
from tests.factories import CustomerFactory
from tests.imports.conftest import FILES

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[Any, int]:
    """Return what a command printed as JSON, and its exit status."""
    out = io.StringIO()
    status = 0
    try:
        call_command(*arguments, "--json", stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    return json.loads(out.getvalue()), status


def test_a_file_is_imported_looked_at_and_taken_back(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\nAnn,ann@example.com\nBob,bob\n")
    result, status = run("import_customers", str(file), "--store", str(store.uid))
    assert status == 1
    assert result["counts"] == {
        "create": 1,
        "update": 0,
        "same": 0,
        "conflict": 0,
        "error": 1,
        "skipped": 0,
    }
    assert run("import_status", result["id"]) == (result, 0)
    undone, status = run("undo_import", result["id"])
    assert (undone["taken_back"], undone["kept"], status) == ({"undone": 1, "kept": 0}, [], 0)
    assert not Customer.objects.live().filter(store=store).exists()


def test_a_command_waits_for_the_worker_that_is_at_its_import(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker takes the import over before the command can, and does it while the command waits."""
    begun: list[ImportJob] = []

    def start(job: ImportJob, state: State) -> None:
        original(job, state)
        assert lease(job)
        begun.append(job)

    def end_lease_and_work(seconds: float) -> None:
        ImportJob.objects.filter(store=store).update(leased_until=None)
        working.work_on_all()

    original = jobs.start
    monkeypatch.setattr(jobs, "start", start)
    monkeypatch.setattr(working, "time", mock.Mock(sleep=end_lease_and_work))
    result, status = run("import_customers", str(FILES / "shopify.csv"), "--store", str(store.uid))
    assert (result["state"], result["counts"]["create"], status) == ("done", 1, 0)
    assert len(begun) == 2


def test_a_dry_run_writes_no_customer(store: Store) -> None:
    result, status = run(
        "import_customers", str(FILES / "shopify.csv"), "--store", str(store.uid), "--dry-run"
    )
    assert (result["state"], result["counts"]["create"], status) == ("checked", 1, 0)
    assert not Customer.objects.filter(store=store).exists()


def test_a_tap_is_read_from_standard_input(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO((FILES / "singer.jsonl").read_bytes()))
    monkeypatch.setattr(sys, "stdin", stdin)
    result, _ = run("import_customers", "-", "--format", "singer", "--store", str(store.uid))
    assert result["counts"]["create"] == 1


def test_columns_are_corrected_by_a_file(store: Store, tmp_path: Path) -> None:
    file, mapping = tmp_path / "people.csv", tmp_path / "map.json"
    file.write_text("Who,Name\nAnn,x\n")
    mapping.write_text('{"Who": "name", "Name": null}')
    run("import_customers", str(file), "--store", str(store.uid), "--map", str(mapping))
    assert Customer.objects.get(store=store).name == "Ann"


def test_keys_are_chosen(store: Store, tmp_path: Path) -> None:
    CustomerFactory(store=store, external_id="1", email="ann@example.com")
    file = tmp_path / "people.csv"
    file.write_text("external_id,email,name\n1,zoe@example.com,Zoe\n")
    result, _ = run("import_customers", str(file), "--store", str(store.uid), "--match", "email")
    assert result["counts"]["create"] == 1


def test_similar_customers_are_conflicts_when_asked(store: Store, tmp_path: Path) -> None:
    CustomerFactory(store=store, name="Brett Bakersfield", email=None)
    file = tmp_path / "people.csv"
    file.write_text("Name\nBrett Bakersfield\n")
    keys = ("--match", "email,score", "--dry-run")
    result, _ = run("import_customers", str(file), "--store", str(store.uid), *keys)
    assert result["counts"]["conflict"] + result["counts"]["same"] == 1


@pytest.mark.parametrize("name", ["picture.csv", "", "missing.csv"])
def test_what_cannot_be_read_ends_with_2(store: Store, tmp_path: Path, name: str) -> None:
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(CommandError) as error:
        call_command("import_customers", str(tmp_path / name), "--store", str(store.uid))
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    "text", ["[1]", "{", '{"Name": 5}', '{"Name": "surprise"}', '{"Nobody": "name"}']
)
def test_a_map_that_cannot_be_used_ends_with_2(store: Store, tmp_path: Path, text: str) -> None:
    file, mapping = tmp_path / "people.csv", tmp_path / "map.json"
    file.write_text("Name\nAnn\n")
    mapping.write_text(text)
    with pytest.raises(CommandError) as error:
        call_command(
            "import_customers", str(file), "--store", str(store.uid), "--map", str(mapping)
        )
    assert error.value.returncode == 2


def test_an_import_that_was_not_run_cannot_be_taken_back(store: Store) -> None:
    result, _ = run(
        "import_customers", str(FILES / "shopify.csv"), "--store", str(store.uid), "--dry-run"
    )
    with pytest.raises(CommandError, match="in no state"):
        call_command("undo_import", result["id"])


def test_an_unknown_import_is_refused() -> None:
    with pytest.raises(CommandError, match="no import"):
        call_command("import_status", "0")
