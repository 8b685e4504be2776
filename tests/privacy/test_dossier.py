"""A customer gets everything that the registry knows, and the systems that got it; others' data stays out."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from customers.imports.models import State
from customers.imports.services.jobs import start
from customers.imports.services.working import work
from customers.models import Customer
from customers.privacy.models import DataExport
from customers.privacy.personal_data import PERSONAL_TABLES
from customers.privacy.services.data_exports import delete_expired_files, download, request_export
from customers.privacy.services.dossier import dossier_of
from customers.privacy.services.dossier_page import page_of
from customers.privacy.services.making_exports import make_waiting
from stores.actors import SYSTEM
from stores.errors import Conflict
from stores.models import Event, Store
from tests.admin.pages import send
from tests.admin.rows import import_job
from tests.factories import CustomerFactory
from tests.privacy.person import NEEDLES, Doors
from tests.privacy.scan import in_table


def test_every_table_of_the_registry_has_a_section(merged_person: Customer) -> None:
    sections = dossier_of(merged_person, with_contacts=True)
    assert {table.title for table in PERSONAL_TABLES} <= sections.keys()
    empty = {title for title, rows in sections.items() if not rows}
    assert empty == {
        "Exports of this data",
        "Erasures",
        "Ids on other servers",
        "Pairs with customers who look alike",
        "Rows of imports",
        "Systems that got messages",
    }


def test_every_marked_column_is_shown(merged_person: Customer) -> None:
    """A column with a marker that an export does not show would be missing in it."""
    for table in PERSONAL_TABLES:
        rows = dossier_of(merged_person, with_contacts=True)[table.title]
        text = json.dumps(rows, default=str)
        for _, column in in_table(table.model._meta.db_table, NEEDLES):
            if column != "search_text":
                assert f'"{column}"' in text, (table.title, column)


def test_what_a_file_said_is_shown_even_if_nothing_was_written(store: Store) -> None:
    customer = CustomerFactory(store=store, email="ann@example.com")
    job = import_job(store)
    start(job, State.CHECKING)
    work(job)
    [row] = dossier_of(customer)["Rows of imports"]
    assert (row["file"], row["outcome"]) == ("people.csv", "")
    assert row["changes"]["first_name"][1] == "Ann"


def test_page_is_for_people(person: Customer) -> None:
    page = page_of(person, dossier_of(person))
    assert "<dt>Payment terms</dt>" in page
    assert "Zebrabaum street" in page
    for raw in ("{&quot;", "[&quot;", "+00:00", "None"):
        assert raw not in page


def test_contacts_are_left_out_unless_ticked(person: Customer) -> None:
    assert "Zebrabaum contact" in json.dumps(dossier_of(person, with_contacts=True), default=str)
    sections = dossier_of(person)
    assert "Contacts" not in sections
    assert "Zebrabaum contact" not in json.dumps(sections, default=str)


def test_other_customers_and_stores_stay_out(person: Customer, other_store: Store) -> None:
    CustomerFactory(store=person.store, name="Somebody Else", email="else@example.com")
    CustomerFactory(store=other_store, name="Elsewhere", email="elsewhere@example.com")
    text = json.dumps(dossier_of(person, with_contacts=True), default=str)
    assert "Somebody Else" not in text
    assert "Elsewhere" not in text


def test_keys_that_changed_the_customer_are_named(person: Customer) -> None:
    [key] = dossier_of(person)["Systems that could read or write"]
    assert key["system"] == "all"
    assert key["changes"] > 10


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_command_writes_all_formats_for_its_owner_only(person: Customer, tmp_path: Path) -> None:
    output = tmp_path / "data.zip"
    out = io.StringIO()
    arguments = ["privacy_export", str(person.uid), "--output", str(output), "--json"]
    call_command(*arguments, stdout=out)
    assert json.loads(out.getvalue())["rows"]["Addresses"] == 3
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    files = unzipped(output.read_bytes())
    assert {"data.json", "index.html", "customer.csv", "addresses.csv", "history.csv"} <= {*files}
    assert b"Zebrabaum street" in files["addresses.csv"]
    assert b"Zebrabaum street" in files["index.html"]
    assert Event.objects.latest("id").changed == ["data_export"]
    with pytest.raises(CommandError, match="cannot be written"):
        call_command(*arguments, stdout=out)


def test_csv_runs_no_formula(store: Store, tmp_path: Path) -> None:
    customer = CustomerFactory(store=store, name="=1+1")
    call_command("privacy_export", str(customer.uid), "--output", str(tmp_path / "f.zip"))
    files = unzipped((tmp_path / "f.zip").read_bytes())
    assert b",'=1+1," in files["customer.csv"]


def test_worker_makes_the_file_and_it_is_downloaded_once(person: Customer, doors: Doors) -> None:
    url = reverse("admin:customers_customer_export-data", args=[person.pk])
    send(doors.staff, doors.staff.get(url))
    assert DataExport.objects.get().state == "being made"
    call_command("worker", "--once")
    export = DataExport.objects.get()
    assert export.state == "ready"
    assert b"Zebrabaum" not in bytes(export.file)
    download = reverse("admin:privacy_dataexport_download", args=[export.pk])
    assert (
        "Download once"
        in doors.staff.get(
            reverse("admin:privacy_dataexport_change", args=[export.pk])
        ).content.decode()
    )
    answer = doors.staff.post(download)
    assert b"Zebrabaum" in unzipped(answer.content)["data.json"]
    assert "no-store" in answer["Cache-Control"]
    assert DataExport.objects.get().state == "downloaded"
    assert DataExport.objects.get().file is None
    again = doors.staff.post(download, follow=True)
    assert "not there" in again.content.decode()


def test_file_is_gone_after_seven_days(person: Customer) -> None:
    request_export(person.as_queryset(), SYSTEM)
    assert make_waiting() == 1
    delete_expired_files()
    assert DataExport.objects.get().state == "ready"
    DataExport.objects.update(created_at=timezone.now() - timedelta(days=8))
    delete_expired_files()
    assert DataExport.objects.get().state == "gone"
    assert DataExport.objects.get().file is None


def test_an_expired_file_that_is_not_deleted_yet_is_refused(person: Customer) -> None:
    request_export(person.as_queryset(), SYSTEM)
    make_waiting()
    DataExport.objects.update(created_at=timezone.now() - timedelta(days=7))
    export = DataExport.objects.get()
    assert export.state == "gone"
    with pytest.raises(Conflict) as refusal:
        download(export.as_queryset())
    assert refusal.value.code == "export_not_there"


def test_only_those_with_the_right_download(store: Store, person: Customer, client: Any) -> None:
    request_export(person.as_queryset(), SYSTEM)
    make_waiting()
    url = reverse("admin:privacy_dataexport_download", args=[DataExport.objects.get().pk])
    assert client.post(url).status_code == 302
    assert DataExport.objects.get().state == "ready"
