"""The wizard of the back office, from the file to the result, without JavaScript."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from customers.api.remote.moving import open_job
from customers.imports.models import ImportChunk, ImportJob, ImportRow, State
from customers.imports.services.working import work_on_all
from customers.models import Customer
from stores.actors import SYSTEM
from stores.models import Store
from tests.admin.conftest import SignIn, quick_passwords, sign_in
from tests.admin.pages import send
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db
PEOPLE = b"""External id,Name,E-mail,Shoe size
1,Ann Lee,ann@example.com,38
2,Bob Ray,bob example,39
"""
__all__ = ["quick_passwords", "sign_in"]


@pytest.fixture
def manager(sign_in: SignIn, store: Store) -> Client:
    return sign_in("Manager", store)


def upload(client: Client, store: Store, data: bytes = PEOPLE, **fields: Any) -> Any:
    values = {
        "store": store.pk,
        "file": SimpleUploadedFile("people.csv", data),
        "match": ["external_id", "email"],
        "blank": "keep",
        "once": str(uuid.uuid4()),
    }
    return client.post(reverse("admin:imports_importjob_add"), values | fields)


def url(name: str, job: ImportJob) -> str:
    return reverse(f"admin:imports_importjob_{name}", args=[job.pk])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def checked(client: Client, store: Store) -> ImportJob:
    upload(client, store)
    job = ImportJob.objects.get(store=store)
    fields = {f"column_{n}": target for n, target in enumerate(job.targets)}
    client.post(url("columns", job), fields)
    work_on_all()
    job.reload()
    return job


def test_from_the_file_to_the_result_and_back(manager: Client, store: Store) -> None:
    CustomerFactory(store=store, external_id="1", name="Ann", email=None)
    response = upload(manager, store)
    job = ImportJob.objects.get(store=store)
    assert response.url == url("columns", job)
    page = manager.get(response.url)
    assert "Shoe size" in text_of(page)
    assert "38" in text_of(page)
    fields = {f"column_{n}": target for n, target in enumerate(job.targets)} | {"column_3": "note"}
    assert manager.post(response.url, fields).url == url("change", job)
    assert 'http-equiv="refresh"' in manager.get(url("change", job)).content.decode()
    work_on_all()
    text = text_of(manager.get(url("change", job)))
    assert "An e-mail address needs an @ and no space." in text
    assert "Import 1 customer" in text
    assert Customer.objects.get(store=store).name == "Ann"
    manager.post(url("run", job))
    work_on_all()
    customer = Customer.objects.get(store=store)
    assert (customer.name, customer.notes) == ("Ann Lee", "Shoe size: 38")
    assert "Take back" in text_of(manager.get(url("change", job)))
    manager.post(url("undo", job))
    work_on_all()
    assert "1 row is taken back." in text_of(manager.get(url("change", job)))
    assert Customer.objects.get(store=store).name == "Ann"


def test_failed_rows_are_downloaded(manager: Client, store: Store) -> None:
    job = checked(manager, store)
    lines = b"".join(manager.get(url("errors", job)).streaming_content).decode().splitlines()
    assert lines[0].endswith("line,column,why")
    assert lines[1].startswith("2,Bob Ray,bob example,39,3,E-mail,")


def test_rows_of_a_file_that_was_deleted_are_not_downloaded(manager: Client, store: Store) -> None:
    job = checked(manager, store)
    ImportChunk.objects.filter(store=store).delete()
    assert "deleted or cannot be read" in text_of(manager.get(url("errors", job), follow=True))


def test_each_kind_of_rows_has_a_page(manager: Client, store: Store) -> None:
    job = checked(manager, store)
    assert "Ann Lee" in text_of(manager.get(url("change", job) + "?kind=create"))
    assert "Bob Ray" not in text_of(manager.get(url("change", job) + "?kind=create"))


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"", b"name\n\x00"])
def test_what_is_no_table_is_refused_at_once(manager: Client, store: Store, data: bytes) -> None:
    response = upload(manager, store, data)
    assert response.status_code == 200
    assert not ImportJob.objects.filter(store=store).exists()


def test_a_form_that_is_sent_twice_makes_one_import(manager: Client, store: Store) -> None:
    once = str(uuid.uuid4())
    first, second = (upload(manager, store, once=once) for _ in range(2))
    assert first.url == second.url
    assert ImportJob.objects.filter(store=store).count() == 1


@pytest.mark.parametrize("group", ["Viewer", "Clerk"])
def test_others_than_managers_have_no_imports(sign_in: SignIn, store: Store, group: str) -> None:
    job = checked(sign_in("Manager", store), store)
    client = sign_in(group, store)
    assert "Imports" not in text_of(client.get(reverse("admin:index")))
    for name in ("change", "columns", "run", "undo", "errors", "cancel", "again", "decide"):
        method = client.post if name in ("run", "cancel", "again", "decide") else client.get
        assert method(url(name, job)).status_code == 403
    assert client.get(reverse("admin:imports_importjob_changelist")).status_code == 403
    assert upload(client, store).status_code == 403


def test_imports_of_other_stores_do_not_exist(
    sign_in: SignIn, store: Store, other_store: Store
) -> None:
    job = checked(sign_in("Manager", store), store)
    client = sign_in("Manager", other_store, name="other")
    assert client.get(url("change", job)).status_code == 404
    assert client.post(url("run", job)).status_code == 404
    assert upload(client, store).status_code == 200
    assert ImportJob.objects.count() == 1


def test_an_import_that_is_run_already_is_not_run_again(manager: Client, store: Store) -> None:
    job = checked(manager, store)
    manager.post(url("run", job))
    work_on_all()
    response = manager.post(url("run", job), follow=True)
    assert "changed it at the same moment" in text_of(response)
    assert Customer.objects.filter(store=store).count() == 1


@pytest.mark.parametrize("state", [State.FETCHING, State.UPLOADED, State.CHECKED])
def test_an_import_from_a_server_has_no_columns_to_choose(
    manager: Client, store: Store, state: State
) -> None:
    job = open_job(store, SYSTEM, "storefront", "https://example.com", sync=False)
    ImportJob.objects.filter(pk=job.pk).update(state=state)
    page = manager.get(url("change", job))
    assert page.status_code == 200
    assert url("columns", job) not in page.content.decode()
    assert manager.get(url("columns", job)).url == url("change", job)


def test_a_check_is_thrown_away(manager: Client, store: Store) -> None:
    job = checked(manager, store)
    page = manager.get(url("cancel", job))
    assert "The file and its check of 2 rows go." in text_of(page)
    send(manager, page)
    job.reload()
    assert (job.state, job.samples) == (State.CANCELLED, [])
    for model in (ImportChunk, ImportRow):
        assert not model.objects.filter(store=store).exists()
    assert "Import 1 customer" not in text_of(manager.get(url("change", job)))


def test_the_list_shows_imports(manager: Client, store: Store) -> None:
    checked(manager, store)
    assert "people.csv" in text_of(manager.get(reverse("admin:imports_importjob_changelist")))
