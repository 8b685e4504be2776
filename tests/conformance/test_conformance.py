"""Rules common to all dialects; each test runs against every dialect."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from customers.dialects import registered_dialects
from customers.models import Customer
from customers.services import editing
from stores.models import ApiKey, Event
from stores.scopes import SCOPES, granted
from tests.conformance.conftest import Caller, assert_refused, dig, key_of

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_customer_is_created_read_listed_and_updated(caller):
    one = caller.create()
    method, change = caller.probe.update
    assert caller.call("GET", one).status_code == 200
    assert caller.call("GET", "").status_code == 200
    changed = caller.call(method, one, change)
    assert changed.status_code == 200
    assert changed.content == caller.call("GET", one).content


@pytest.mark.parametrize("path", ["/nothing/here/at/all", "/1/2/3/4"])
def test_unknown_path_is_404(caller, path):
    assert_refused(caller.call("GET", path), caller, 404)


def test_wrong_method_is_405_with_allow_header(caller):
    answer = caller.call(caller.probe.wrong_method, "")
    assert_refused(answer, caller, 405)
    assert "GET" in answer["Allow"]
    assert "POST" in answer["Allow"]


def test_missing_or_malformed_key_is_401(caller):
    for key in ("", "nonsense", "sk_live_" + "a" * 56, "sk_live_é"):
        answer = Caller(caller.probe, caller.store, key).call("GET", "")
        assert_refused(answer, caller, 401)
        assert answer["WWW-Authenticate"] == "Bearer"


def test_revoked_or_expired_key_is_401(caller):
    key, text = ApiKey.issue(store=caller.store, name="Gone")
    key.revoke()
    assert_refused(Caller(caller.probe, caller.store, text).call("GET", ""), caller, 401)
    _, text = ApiKey.issue(
        store=caller.store, name="Old", expires_at=timezone.now() - timedelta(seconds=1)
    )
    assert_refused(Caller(caller.probe, caller.store, text).call("GET", ""), caller, 401)


def test_each_action_needs_exactly_its_scope(caller):
    """Check the probe's permission table: every other scope gives 403."""
    one = caller.create()
    method, change = caller.probe.update
    calls = {
        "list": ("GET", "", None),
        "retrieve": ("GET", one, None),
        "create": ("POST", "", caller.probe.fresh_body()),
        "update": (method, one, change),
        "delete": ("DELETE", one, None),
    }
    for action, scope in caller.probe.scopes.items():
        others = [name for name in SCOPES if scope not in granted([name])]
        lacking = Caller(caller.probe, caller.store, key_of(caller.store, *others))
        assert_refused(lacking.call(*calls[action]), caller, 403)
        holding = Caller(caller.probe, caller.store, key_of(caller.store, scope))
        assert holding.call(*calls[action]).status_code < 300, action


def test_foreign_customer_is_404_and_unchanged(caller, stranger):
    one = caller.create()
    before = caller.call("GET", one).content
    method, change = caller.probe.update
    assert_refused(stranger.call("GET", one), caller, 404)
    assert_refused(stranger.call(method, one, change), caller, 404)
    if "delete" in caller.probe.scopes:
        assert_refused(stranger.call("DELETE", one), caller, 404)
    assert caller.call("GET", one).content == before


def test_list_shows_one_store(caller, stranger):
    caller.create()
    theirs = stranger.create()
    body = stranger.call("GET", "").json()
    rows = dig(body, caller.probe.rows_at) if caller.probe.rows_at else body
    assert [f"/{row['id']}" for row in rows] == [theirs]


def test_customer_path_and_sample_exist(caller):
    one = caller.create()
    dialect = next(one for one in registered_dialects() if one.name == caller.probe.name)
    customer = Customer.objects.get(store=caller.store)
    assert dialect.customer_path.format(customer=customer) == caller.url(one)
    sample = dialect.sample.format(store=caller.store.uid)
    assert caller.call("GET", sample.removeprefix(caller.url(""))).status_code == 200


@pytest.mark.parametrize(
    "malformed", ["abc", "1", "0", "-1", NOBODY, "%00", "x" * 300, "é", "9" * 40]
)
def test_malformed_or_unknown_id_is_404(caller, malformed):
    method, change = caller.probe.update
    assert_refused(caller.call("GET", f"/{malformed}"), caller, 404)
    assert_refused(caller.call(method, f"/{malformed}", change), caller, 404)


def test_trailing_slash_works_without_redirect(caller):
    made = caller.call("POST", "/", caller.probe.fresh_body())
    assert made.status_code == caller.probe.created
    one = f"/{dig(made.json(), caller.probe.id_at)}/"
    method, change = caller.probe.update
    assert caller.call("GET", "/").status_code == 200
    assert caller.call("GET", one).status_code == 200
    assert caller.call(method, one, change).status_code == 200


def test_response_has_the_clients_or_a_new_request_id(caller):
    assert caller.call("GET", "")["X-Request-Id"]
    echoed = caller.call("GET", "/nobody", **{"X-Request-Id": "trace-7"})
    assert echoed["X-Request-Id"] == "trace-7"
    replaced = caller.call("GET", "", **{"X-Request-Id": "a b<script>"})
    assert replaced["X-Request-Id"] not in ("", "a b<script>")


def test_response_has_a_content_length(caller):
    one = caller.create()
    for answer in (caller.call("GET", one), caller.call("GET", "/nobody")):
        assert answer["Content-Length"] == str(len(answer.content))
    same = caller.call("GET", one, **{"If-None-Match": "*"})
    assert (same.status_code, "Content-Length" in same) == (304, False)


def test_invalid_or_repeated_parameter_is_refused(caller):
    assert caller.call("GET", "?colour=red").status_code == 200
    bad = caller.probe.bad_parameter
    assert_refused(caller.call("GET", f"?{bad}"), caller, caller.probe.invalid)
    name = bad.partition("=")[0]
    assert_refused(caller.call("GET", f"?{name}=1&{name}=1"), caller, caller.probe.invalid)


def test_etags_skip_reads_and_guard_writes(caller):
    one = caller.create()
    method, change = caller.probe.update
    tag = caller.call("GET", one)["ETag"]
    same = caller.call("GET", one, **{"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    assert same["Content-Type"] == "application/json"  # a cache stores it with the response
    # a compressing proxy turns the tag into a weak one
    weakened = caller.call("GET", one, **{"If-None-Match": f'"99", W/{tag}'})
    assert weakened.status_code == 304
    written = caller.call(method, one, change, **{"If-Match": tag})
    assert written.status_code == 200
    assert written["ETag"] not in ("", tag)
    before = caller.call("GET", one).content
    for stale in (tag, '"nonsense"', 'W/"1"', "garbage", '"²"', f'"{"9" * 400}"'):
        assert_refused(caller.call(method, one, change, **{"If-Match": stale}), caller, 412)
    if "delete" in caller.probe.scopes:
        assert_refused(caller.call("DELETE", one, **{"If-Match": tag}), caller, 412)
    assert caller.call("GET", one).content == before
    both = f'"99", {written["ETag"]}'
    assert caller.call(method, one, change, **{"If-Match": both}).status_code == 200
    assert caller.call(method, one, change, **{"If-Match": "*"}).status_code == 200


def test_responses_are_private_and_revalidated(caller):
    one = caller.create()
    read = caller.call("GET", one)
    same = caller.call("GET", one, **{"If-None-Match": read["ETag"]})
    assert same.status_code == 304
    others = [caller.call("GET", ""), caller.call("GET", "/nothing/here/at/all")]
    for answer in (read, same, *others):
        assert answer["Cache-Control"] == "private, no-cache"
        assert {"Authorization", caller.probe.header} <= set(answer["Vary"].split(", "))


def test_idempotency_key_replays_the_first_response(caller):
    body, once = caller.probe.fresh_body(), {"Idempotency-Key": "order-66"}
    first = caller.call("POST", "", body, **once)
    again = caller.call("POST", "", body, **once)
    assert first.status_code == again.status_code == caller.probe.created
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert again["ETag"] == first["ETag"]
    assert Customer.objects.count() == 1
    assert Event.objects.count() == 1


def test_idempotency_key_is_kept_for_three_days(caller):
    body, once = caller.probe.fresh_body(), {"Idempotency-Key": "order-66"}
    caller.call("POST", "", body, **once)
    with time_machine.travel(timezone.now() + timedelta(hours=71)):
        assert caller.call("POST", "", body, **once)["Idempotency-Replayed"] == "true"
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        another = caller.call("POST", "", caller.probe.fresh_body() | {"x": 1}, **once)
    assert another.status_code == caller.probe.created
    assert "Idempotency-Replayed" not in another
    assert Customer.objects.count() == 2


def test_idempotency_key_is_per_request_and_client(caller, stranger):
    body, once = caller.probe.fresh_body(), {"Idempotency-Key": "order-66"}
    caller.call("POST", "", body, **once)
    assert_refused(
        caller.call("POST", "", caller.probe.fresh_body() | {"x": 1}, **once), caller, 422
    )
    assert_refused(caller.call("POST", "/", body, **once), caller, 422)
    other = stranger.call("POST", "", stranger.probe.fresh_body(), **once)
    assert other.status_code == caller.probe.created


def test_response_under_a_new_secret_is_not_replayed(caller, settings):
    body = caller.probe.fresh_body()
    caller.call("POST", "", body, **{"Idempotency-Key": "once"})
    settings.SECRET_KEY = "another " * 8
    again = caller.call("POST", "", body, **{"Idempotency-Key": "once"})
    assert_refused(again, caller, 409)
    assert Customer.objects.count() == 1


def test_refused_request_frees_its_idempotency_key(caller):
    once = {"Idempotency-Key": "order-66"}
    assert caller.call("POST", "", {}, **once).status_code in (400, 422)
    done = caller.call("POST", "", caller.probe.fresh_body(), **once)
    assert done.status_code == caller.probe.created


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
def test_invalid_idempotency_key_is_400(caller, key):
    answer = caller.call("POST", "", caller.probe.fresh_body(), **{"Idempotency-Key": key})
    assert_refused(answer, caller, 400)


def test_exceeded_rate_limit_is_429(caller, settings):
    settings.RATE_LIMIT = "3/hour"
    with time_machine.travel(timezone.now().replace(minute=30), tick=False):  # within one window
        statuses = [caller.call("GET", "").status_code for _ in range(4)]
        answer = caller.call("GET", "")
    assert statuses == [200, 200, 200, 429]
    assert_refused(answer, caller, 429)
    assert int(answer["Retry-After"]) > 0
    assert answer["X-RateLimit-Limit"] == "3"
    assert answer["X-RateLimit-Remaining"] == "0"


def test_unexpected_exception_is_500_without_details(caller, monkeypatch):
    def broken(*args, **options):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(editing, "publish", broken)
    answer = caller.call("POST", "", caller.probe.fresh_body())
    assert_refused(answer, caller, 500)
    assert b"secret" not in answer.content
    assert not Customer.objects.exists()


def test_forged_host_is_400(caller):
    answer = caller.call("GET", "", Host="evil.example")
    assert_refused(answer, caller, 400)
    assert "Host header" in dig(answer.json(), caller.probe.message_at)
