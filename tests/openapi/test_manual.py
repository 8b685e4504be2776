"""`/docs/`: the manual, its code, Swagger UI and the Postman collections."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.test.utils import override_script_prefix
from django.utils import timezone

from config.bootstrap import ROOT
from config.durations import duration, in_words
from customers import dialects
from customers.api.openapi.document import document
from stores.models import ApiKey, Store
from stores.webhooks.secrets import signing_key
from stores.webhooks.signing import signed_headers

PACKAGES = dialects.packages()
CODE = ROOT / "templates" / "docs" / "code"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture(params=PACKAGES)
def name(request) -> str:
    return request.param


def test_index_links_every_dialect(client):
    page = client.get("/docs/").content.decode()
    for name in PACKAGES:
        assert f'href="/docs/{name}/"' in page
        assert f'href="/docs/{name}/openapi.json"' in page


def test_page_obeys_the_content_security_policy(client, name):
    answer = client.get(f"/docs/{name}/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'"/docs/{name}/openapi.json"' in page
    # The name of SVG is an address that nothing loads.
    assert "//" not in page.replace('xmlns="http://www.w3.org/2000/svg"', "")
    nonce = re.search(r'<script nonce="([^"]+)">', page)[1]
    assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]
    files = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert [file for file in files if "swagger-ui" in file]
    assert all(finders.find(file) for file in files)


@pytest.mark.parametrize("path", ["/docs/nobody/", "/docs/nobody/openapi.json"])
def test_unknown_dialect_has_no_page(client, path):
    assert client.get(path).status_code == 404


@pytest.fixture
def manual(client) -> str:
    return client.get("/docs/").content.decode()


def test_manual_shows_all_its_sections(manual):
    targets = re.findall(r'href="#([\w-]+)"', manual)
    assert {"authentication", "webhooks", "events", "changes", "verify"} <= set(targets)
    assert all(f'id="{target}"' in manual for target in targets if not target.startswith("i-"))


def test_manual_loads_nothing_from_other_hosts(manual):
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="([^"]+)"', manual)
    assert all(one.startswith("/static/") and finders.find(one[8:]) for one in loaded)
    assert "style=" not in manual


def test_manual_says_what_the_settings_say(client, settings):
    settings.WEBHOOK_RETRY_SCHEDULE, settings.RATE_LIMIT = [0, 90, 7200, 86400], "7/sec"
    manual = client.get("/docs/").content.decode()
    assert "at once, 90 seconds, 2 hours and 1 day" in " ".join(manual.split())
    assert "A key may make 7 requests in 1 second." in manual


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "at once"), (1, "1 second"), (300, "5 minutes"), (50_400, "14 hours")],
)
def test_duration_is_in_the_largest_unit(seconds, words):
    assert duration(seconds) == words


def test_words_are_joined_by_commas_and_one_and():
    assert [in_words(["a"]), in_words(["a", "b", "c"])] == ["a", "a, b and c"]


def test_manual_is_under_the_path_of_a_proxy():
    with override_script_prefix("/crm/"):
        manual = Client().get("/docs/").content.decode()
    assert 'href="/crm/docs/pos/postman.json"' in manual
    assert "http://testserver/crm/stores/$STORE/webhooks" in manual


def test_postman_collection_has_every_call(client, name):
    answer = client.get(f"/docs/{name}/postman.json")
    assert "attachment" in answer["Content-Disposition"]
    collection = json.loads(answer.content)
    calls = [call["request"] for folder in collection["item"] for call in folder["item"]]
    spec = document(PACKAGES[name])
    assert len(calls) == sum(len(methods) for methods in spec["paths"].values())
    assert all(call["url"]["raw"].startswith("{{baseUrl}}/") for call in calls)
    for call in calls:
        assert (
            call["method"] == "GET"
            or "body" not in call
            or json.loads(call["body"]["raw"]) is not None
        )
    variables = {variable["key"]: variable["value"] for variable in collection["variable"]}
    assert variables == {"baseUrl": "http://testserver", "key": ""}


# --- the code that the manual shows


def test_code_verifies_a_webhook_in_python(monkeypatch, capsys):
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    code: dict = {}
    exec(compile((CODE / "verify.py").read_text(), "verify.py", "exec"), code)
    body = b'{"type": "customer.created", "data": {"id": "1"}}'
    headers = signed_headers("event-1", body, [signing_key(SECRET)], timezone.now())
    assert code["receive"](body, headers) == 204
    assert capsys.readouterr().out == "event-1 customer.created 1\n"
    assert code["receive"](body + b" ", headers) == 401


@pytest.mark.django_db(transaction=True)
def test_code_copies_a_store_and_goes_on_where_it_stopped(live_server, tmp_path):
    store = Store.objects.create(name="Oak", country="US", currency="USD", timezone="UTC")
    _, key = ApiKey.issue(store=store, name="Sync")
    base = f"/stores/{store.uid}/customers"
    headers = {"Authorization": f"Bearer {key}"}
    client = Client(headers=headers)

    def create(email: str) -> str:
        answer = client.post(base, {"email": email}, content_type="application/json")
        return answer.json()["id"]

    first, second = create("ann@example.com"), create("bob@example.com")
    assert copied(live_server.url, store, key, tmp_path) == {first, second}
    client.delete(f"{base}/{first}")
    third = create("cat@example.com")
    assert copied(live_server.url, store, key, tmp_path) == {second, third}
    assert copied(live_server.url, store, key, tmp_path) == {second, third}


def copied(url: str, store: Store, key: str, folder: Path) -> set[str]:
    """Run the code of the manual, and return the ids of its copy."""
    wanted = {"CLIENTELE_URL": url, "CLIENTELE_STORE": str(store.uid), "CLIENTELE_KEY": key}
    command = [sys.executable, str(CODE / "sync.py")]
    subprocess.run(command, cwd=folder, env={**os.environ, **wanted}, check=True)
    with sqlite3.connect(folder / "customers.sqlite3") as copy:
        return {row[0] for row in copy.execute("SELECT id FROM customers")}


def test_synced_client_is_short():
    assert len([line for line in (CODE / "sync.py").read_text().splitlines() if line]) <= 30
