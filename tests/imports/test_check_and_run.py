"""What a check plans, a run writes: no more, no less, whatever happens in between."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any
from unittest import mock

import pytest
from django.db import DataError, InternalError, OperationalError, connection
from django.utils import timezone

from customers.imports.models import Action, ImportJob, ImportRow, Outcome, State
from customers.imports.services import creating, jobs, working, writing_many
from customers.imports.services.leases import LEASE, lease
from customers.imports.services.working import work, work_on_all
from customers.models import (
    Address,
    ConsentChange,
    Customer,
    CustomerWords,
    LedgerEntry,
    MatchKey,
    MatchProfile,
)
from customers.privacy.services.erasing import erase_customer
from customers.reads import full_customer_row
from customers.services.customers import update_customer
from customers.services.tags import names_of
from orders.services.customers import delete_customer
from orders.services.voiding import Void, void_entry
from stores.actors import SYSTEM
from stores.models import Event, Store
from tests.factories import CustomerFactory, OrderFactory
from tests.imports import book
from tests.imports.conftest import Importing, counts

pytestmark = pytest.mark.django_db
PEOPLE = """external_id,first_name,last_name,email,phone,city
1,Ann,Lee,ann@example.com,0412 345 678,Sydney
2,Bob,Ray,bob@example.com,0412 345 679,Perth
"""


def csv_book(count: int, bad: int) -> str:
    import io

    file = io.StringIO()
    book.write(file, count, bad)
    return file.getvalue()


def test_a_check_writes_nothing_but_the_plan(importing: Importing) -> None:
    job = importing.check(PEOPLE)
    assert job.state == State.CHECKED
    assert counts(job) == {"create": 2}
    assert not Customer.objects.filter(store=importing.store).exists()
    assert not Event.objects.filter(store=importing.store).exists()


def test_each_row_has_its_event_with_the_import_as_author(importing: Importing) -> None:
    importing.run(PEOPLE)
    customer = importing.customer(external_id="1")
    event = Event.objects.get(store=importing.store, customer_uid=customer.uid)
    assert (event.type, event.actor_kind) == ("customer.created", "import")
    assert event.actor_name == "Mia Novak, import of people.csv"
    assert customer.source == "import"


def test_a_second_run_changes_nothing(importing: Importing) -> None:
    importing.run(PEOPLE)
    events = Event.objects.filter(store=importing.store).count()
    job = importing.run(PEOPLE)
    assert counts(job) == {"same": 2}
    assert Event.objects.filter(store=importing.store).count() == events


def test_bad_rows_of_every_kind_are_counted_exactly(importing: Importing) -> None:
    job = importing.check(csv_book(500, 50))
    assert counts(job) == {"create": 450, "error": 50}
    errors = ImportRow.objects.filter(store=importing.store, job=job, action=Action.ERROR)
    cells = {(row.issues[0]["column"], row.issues[0]["cell"]) for row in errors}
    assert cells == {(name, cell[:200]) for name, cell in book.BAD_CELLS}


@pytest.mark.postgres
def test_the_planner_knows_what_a_check_wrote(importing: Importing) -> None:
    """Else it reads the whole plan for each row of the run, until PostgreSQL looks by itself."""
    importing.check(csv_book(100, 10))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_vals::text FROM pg_stats"
            " WHERE tablename = 'imports_importrow' AND attname = 'action'"
        )
        assert cursor.fetchone() == ("{create,error}",)


@pytest.mark.parametrize(
    ("row", "by"),
    [
        ("7,,,,,", "external_id"),
        (",,,Ann@Example.com,,", "email"),
        (",Ann,Lee,,+61 412 345 678,", "phone"),
        (",A.,Lee,,0412345678,", "phone"),
    ],
)
def test_a_customer_is_found(importing: Importing, row: str, by: str) -> None:
    customer = CustomerFactory(
        store=importing.store,
        external_id="7",
        name="Ann Lee",
        email="ann@example.com",
        phone="0412 345 678",
    )
    job = importing.check(f"external_id,first_name,last_name,email,phone,notes\n{row}hello\n")
    found = importing.row(job, 2)
    assert (found.customer_id, found.matched_by, found.action) == (customer.pk, by, Action.UPDATE)


def test_a_customer_is_found_by_our_id(importing: Importing) -> None:
    customer = CustomerFactory(store=importing.store, name="Ann Lee")
    job = importing.check(f"uid,name\n{customer.uid},Ann Ray\ncust_{customer.uid.hex},Ann Ray\n")
    first = importing.row(job, 2)
    assert (first.customer_id, first.diff["name"]) == (customer.pk, ["Ann Lee", "Ann Ray"])


def test_a_phone_with_another_name_is_another_customer(importing: Importing) -> None:
    CustomerFactory(store=importing.store, name="Ann Lee", phone="0412 345 678")
    job = importing.check("name,phone\nBob Ray,0412345678\n")
    assert counts(job) == {"create": 1}


@pytest.mark.parametrize(
    ("row", "plan"),
    [
        ("Brett,Bakersfield,0412345678,1 Pitt St,2000", {"update": 1}),
        ("Bret,Bakersfeld,0412345678,1 Pitt Street,2000", {"update": 1}),
        ("Brett,Bakersfield,,,", {"conflict": 1}),
        ("Brett,Bakerzfelt,,,", {"conflict": 1}),
        ("Zoe,Nguyen,,9 Dock Rd,6000", {"create": 1}),
    ],
)
def test_a_customer_is_found_by_all_that_a_row_says(
    importing: Importing, row: str, plan: dict[str, int]
) -> None:
    for number in range(20):
        CustomerFactory(store=importing.store, name=f"Other Name{number}", email=None)
    customer = CustomerFactory(
        store=importing.store,
        name="Brett Bakersfield",
        email=None,
        phone="0412 345 678",
        addresses=[{"line1": "1 Pitt St", "city": "Sydney", "postcode": "2000"}],
    )
    header = "first_name,last_name,phone,address,postcode,notes"
    job = importing.check(f"{header}\n{row},hello\n", match=["email", "score"])
    assert counts(job) == plan
    found = importing.row(job, 2)
    if "update" in plan:
        assert (found.customer_id, found.matched_by) == (customer.pk, "score")
    if "conflict" in plan:
        assert found.issues[0]["text"] == "It may be Brett Bakersfield. Decide by hand."
    assert counts(importing.check(f"{header}\n{row},hello\n", match=["email"])) == {"create": 1}


def test_kinds_of_keys_that_are_not_asked_for_find_nobody(importing: Importing) -> None:
    CustomerFactory(store=importing.store, external_id="7", name="Ann Lee", email=None)
    assert counts(importing.check("external_id,name\n7,Zoe\n", match=["email"])) == {"create": 1}


def test_rows_of_one_person_become_one_customer_with_several_addresses(
    importing: Importing,
) -> None:
    job = importing.run(
        "external_id,name,address,city\n1,Ann Lee,1 A St,Sydney\n2,Bob Ray,9 C St,Perth\n1,,2 B St,Perth\n"
    )
    assert counts(job) == {"create": 2}
    customer = importing.customer(external_id="1")
    lines = (
        Address.objects.filter(customer=customer)
        .order_by("position")
        .values_list("line1", flat=True)
    )
    assert list(lines) == ["1 A St", "2 B St"]
    assert importing.row(job, 2).lines == [4]


def test_rows_far_apart_are_brought_together(importing: Importing) -> None:
    others = "".join(f"{number},Other {number},,\n" for number in range(10, 600))
    job = importing.check(
        f"external_id,name,address,city\n1,Ann,1 A St,\n{others}1,Ann,2 B St,\n1,Zoe,,\n"
    )
    assert counts(job) == {"create": 590, "conflict": 2}
    assert importing.row(job, 2).lines == [593]


@pytest.mark.parametrize(
    ("first", "later", "plan"),
    [
        ("7,Ann Lee,ann@example.com,,1 A St", "7,,,,2 B St", {"update": 1, "create": 598}),
        ("7,Ann Lee,,0412345678,1 A St", "7,,,,2 B St", {"update": 1, "create": 598}),
        ("7,,,,1 A St", "7,Zoe,,,2 B St", {"create": 599}),
    ],
)
def test_a_row_that_gets_another_one_later_is_planned_like_one_row(
    importing: Importing, first: str, later: str, plan: dict[str, int]
) -> None:
    CustomerFactory(
        store=importing.store, name="Ann Lee", email="ann@example.com", phone="0412345678"
    )
    others = "".join(f"{number},Other {number},,,\n" for number in range(10, 608))
    job = importing.check(f"external_id,name,email,phone,address\n{first}\n{others}{later}\n")
    assert counts(job) == plan


def test_two_contradicting_rows_name_each_other(importing: Importing) -> None:
    job = importing.run("email,name\nann@example.com,Ann Lee\nann@example.com,Zoe Ray\n")
    assert counts(job) == {"conflict": 2}
    texts = [row.issues[0]["text"] for row in importing.rows(job)]
    assert texts == [
        "Line 3 is the same customer, with another name. Correct one, or leave it out.",
        "Line 2 is the same customer, with another name. Correct one, or leave it out.",
    ]


def test_two_rows_that_find_one_customer_by_different_keys_name_each_other(
    importing: Importing,
) -> None:
    CustomerFactory(store=importing.store, external_id="7", name="Ann", email="ann@example.com")
    job = importing.run("external_id,email,notes\n7,,first\n,ann@example.com,second\n")
    assert counts(job) == {"conflict": 2}
    assert "Line 3" in importing.row(job, 2).issues[0]["text"]
    assert importing.customer(external_id="7").notes == ""


def test_an_e_mail_of_another_customer_is_a_conflict_that_names_it(importing: Importing) -> None:
    CustomerFactory(store=importing.store, external_id="7", name="Ann Lee", email=None)
    CustomerFactory(store=importing.store, external_id="8", name="Bob Ray", email="bob@example.com")
    job = importing.check("external_id,email\n7,bob@example.com\n")
    assert "Bob Ray" in importing.row(job, 2).issues[0]["text"]
    assert counts(job) == {"conflict": 1}


def test_a_deleted_customer_is_a_conflict(importing: Importing) -> None:
    customer = CustomerFactory(store=importing.store)
    delete_customer(customer.as_queryset(), SYSTEM)
    job = importing.check(f"uid,name\n{customer.uid},Zoe\n")
    assert importing.row(job, 2).issues[0]["code"] == "deleted"


def test_a_customer_that_changed_since_the_check_is_not_overwritten(importing: Importing) -> None:
    customer = CustomerFactory(store=importing.store, external_id="1", name="Ann", email=None)
    job = importing.check("external_id,name\n1,Ann Lee\n")
    update_customer(customer.as_queryset(), SYSTEM, {"name": "Anna"})
    importing.step(job, State.RUNNING)
    assert counts(job) == {"conflict": 1}
    assert "Clientele changed" in importing.row(job, 2).issues[0]["text"]
    assert importing.customer(external_id="1").name == "Anna"


def test_an_order_since_the_check_is_no_change_of_the_customer(importing: Importing) -> None:
    customer = CustomerFactory(store=importing.store, external_id="1", name="Ann", email=None)
    job = importing.check("external_id,name\n1,Ann Lee\n")
    OrderFactory(customer=customer)
    importing.step(job, State.RUNNING)
    assert importing.customer(external_id="1").name == "Ann Lee"


def test_a_twin_that_came_after_the_check_is_a_conflict(importing: Importing) -> None:
    job = importing.check(PEOPLE)
    CustomerFactory(store=importing.store, name="Zoe", email="ann@example.com")
    CustomerFactory(store=importing.store, name="Zoe", email=None, external_id="2")
    importing.step(job, State.RUNNING)
    assert counts(job) == {"conflict": 2}


@pytest.mark.parametrize(("blank", "notes"), [("keep", "old"), ("clear", "")])
def test_a_blank_cell_changes_nothing_unless_asked(
    importing: Importing, blank: str, notes: str
) -> None:
    CustomerFactory(store=importing.store, external_id="1", notes="old", email=None)
    importing.run("external_id,notes,company\n1,,Firm\n", blank=blank)
    assert importing.customer(external_id="1").notes == notes


def test_a_sign_clears_one_cell(importing: Importing) -> None:
    CustomerFactory(store=importing.store, external_id="1", notes="old", company="Firm", email=None)
    importing.run("external_id,notes,company\n1,∅,\n")
    customer = importing.customer(external_id="1")
    assert (customer.notes, customer.company) == ("", "Firm")


def test_no_file_turns_a_no_to_marketing_into_a_yes(importing: Importing) -> None:
    customer = CustomerFactory(store=importing.store, external_id="1", marketing_opt_in=True)
    update_customer(customer.as_queryset(), SYSTEM, {"marketing_opt_in": False})
    importing.run("external_id,newsletter\n1,yes\n")
    assert importing.customer(external_id="1").marketing_opt_in is False


def test_consent_of_a_new_customer_is_recorded(importing: Importing) -> None:
    importing.run("name,newsletter\nAnn,yes\n")
    assert ConsentChange.objects.get(store=importing.store).granted


def test_tags_are_added_to_those_that_are_there(importing: Importing) -> None:
    customer = CustomerFactory(store=importing.store, external_id="1", tags=["old"])
    importing.run('external_id,tags\n1,"new; Old"\n')
    assert names_of(customer) == ["old", "new"]


def test_an_opening_balance_is_one_dated_entry(importing: Importing) -> None:
    importing.run(
        "external_id,name,house account,opening balance,opening balance date\n1,Ann,yes,120.50,2026-10-31\n"
    )
    entry = LedgerEntry.objects.get(store=importing.store)
    assert (entry.amount, entry.reason) == (
        importing.customer(external_id="1").account_balance,
        "opening",
    )
    assert entry.notes == "Opening balance as of 2026-10-31"


OPENINGS = "external_id,name,house account,opening balance\n1,Ann,yes,50\n"


def test_an_opening_balance_is_posted_once(importing: Importing) -> None:
    first = importing.run(OPENINGS)
    assert counts(importing.run(OPENINGS)) == {"same": 1}
    other = importing.check(OPENINGS.replace("50", "60"))
    assert importing.row(other, 2).issues[0]["code"] == "opening_posted"
    assert (
        "An opening balance of 50.00 was posted before."
        in importing.row(other, 2).issues[0]["text"]
    )
    importing.undo(first)
    assert counts(importing.run(OPENINGS)) == {"create": 1}


def test_an_opening_balance_that_staff_voided_can_be_posted_again(importing: Importing) -> None:
    importing.run(OPENINGS.replace("50", "-50"))
    customer = importing.customer(external_id="1")
    entry = LedgerEntry.objects.get(store=importing.store)
    void_entry(customer.as_queryset(), SYSTEM, entry.uid, Void("correction", "typed twice"))
    assert counts(importing.run(OPENINGS)) == {"update": 1}
    assert importing.customer(external_id="1").account_balance == 50


def test_two_plans_with_one_opening_balance_post_it_once(importing: Importing) -> None:
    CustomerFactory(
        store=importing.store, external_id="1", name="Ann", email=None, is_account_enabled=True
    )
    plans = [importing.check(OPENINGS) for _ in range(2)]
    results = [counts(importing.step(plan, State.RUNNING)) for plan in plans]
    assert results == [{"update": 1}, {"conflict": 1}]
    assert importing.customer(external_id="1").account_balance == 50


def test_an_opening_balance_over_the_limit_is_told_by_the_check(importing: Importing) -> None:
    text = OPENINGS.replace("house account", "house account,credit limit").replace("yes", "yes,10")
    job = importing.check(text)
    assert importing.row(job, 2).issues[0]["code"] == "over_limit"
    assert counts(job) == counts(importing.step(job, State.RUNNING)) == {"conflict": 1}


def test_an_opening_balance_needs_an_account(importing: Importing) -> None:
    job = importing.check("external_id,name,opening balance\n1,Ann,120.50\n")
    assert importing.row(job, 2).issues[0]["code"] == "account_disabled"


def dying(original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that dies after every third call of the original."""
    calls = count(1)

    def die_sometimes(*arguments: Any) -> Any:
        answer = original(*arguments)
        if next(calls) % 3 == 0:
            raise KeyboardInterrupt
        return answer

    return die_sometimes


def test_a_run_that_was_killed_goes_on_where_it_was(importing: Importing) -> None:
    """The worker dies before and after a commit, again and again; the next one goes on."""
    job = importing.check(csv_book(60, 0))
    jobs.start(job, State.RUNNING)
    saves, creates = map(dying, (creating.save_results, writing_many.created_together))
    with (
        mock.patch.object(creating, "save_results", saves),
        mock.patch.multiple(writing_many, created_together=creates, TOGETHER=5),
    ):
        for _ in range(40):
            ImportJob.objects.filter(pk=job.pk, store=job.store).update(leased_until=None)
            try:
                if work(job):
                    break
            except KeyboardInterrupt:
                continue
    job.reload()
    assert (job.state, counts(job)) == (State.DONE, {"create": 60})
    assert Customer.objects.filter(store=importing.store).count() == 60
    assert Event.objects.filter(store=importing.store).count() == 60


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State.CHECKING, State.UNREADABLE),
        (State.RUNNING, State.DONE),
        (State.UNDOING, State.DONE),
    ],
)
@pytest.mark.parametrize("fault", [TypeError, DataError])
def test_a_fault_is_told_and_not_tried_again(
    importing: Importing, state: State, after: State, fault: type[Exception]
) -> None:
    job = importing.run(PEOPLE) if state == State.UNDOING else importing.check(PEOPLE)
    jobs.start(job, state)
    with mock.patch.dict(working.WORK, {state: mock.Mock(side_effect=fault)}) as patched:
        work_on_all()
        work_on_all()
        assert patched[state].call_count == 1
    job.reload()
    assert (job.state, job.leased_until) == (after, None)
    assert "unexpected error" in job.problem


@pytest.mark.parametrize(("error", "is_usable"), [(OperationalError, True), (InternalError, False)])
def test_an_import_waits_for_a_database_that_is_away(
    importing: Importing, error: type[Exception], is_usable: bool
) -> None:
    """PostgreSQL ends the connection of a process that slept in a transaction with an InternalError."""
    job = importing.check(PEOPLE)
    jobs.start(job, State.RUNNING)
    fault = mock.Mock(side_effect=error)
    with (
        mock.patch.dict(working.WORK, {State.RUNNING: fault}),
        mock.patch.object(working.connection, "is_usable", return_value=is_usable),
        pytest.raises(OperationalError),
    ):
        work_on_all()
    job.reload()
    assert (job.state, job.problem) == (State.RUNNING, "")


def test_what_a_fault_left_is_taken_back_or_imported_again(importing: Importing) -> None:
    job = importing.check(PEOPLE)
    jobs.start(job, State.RUNNING)
    original = writing_many.write

    def write_first(job: ImportJob, row: ImportRow) -> None:
        if row.line > 2:
            raise TypeError
        original(job, row)

    with (
        mock.patch.multiple(writing_many, write=write_first, TOGETHER=1),
        pytest.raises(TypeError),
    ):
        work(job)
    assert counts(importing.run(PEOPLE)) == {"same": 1, "create": 1}
    importing.undo(job)
    assert job.problem == ""
    assert list(Customer.objects.live().values_list("external_id", flat=True)) == ["2"]


def test_only_one_worker_works_on_an_import(importing: Importing) -> None:
    job = importing.check(PEOPLE)
    jobs.start(job, State.RUNNING)
    assert lease(job)
    assert not work(job)
    ImportJob.objects.filter(pk=job.pk, store=job.store).update(leased_until=job.created_at - LEASE)
    assert work(job)
    assert job.state == State.DONE


def test_customers_of_other_stores_are_not_seen(importing: Importing, other_store: Store) -> None:
    customer = CustomerFactory(
        store=other_store, external_id="1", email="ann@example.com", phone="0412345678"
    )
    cells = (str(customer.uid), "1", customer.name, "ann@example.com", "0412345678")
    job = importing.run("uid,external_id,name,email,phone\n" + ",".join(cells))
    assert counts(job) == {"create": 1}


def test_only_the_row_that_the_book_refuses_is_left_out(importing: Importing) -> None:
    job = importing.check(csv_book(20, 0))
    CustomerFactory(store=importing.store, name="Zoe", email="person7@example.com")
    importing.step(job, State.RUNNING)
    assert counts(job) == {"create": 19, "conflict": 1}
    assert Customer.objects.filter(store=importing.store, source="import").count() == 19
    assert Event.objects.filter(store=importing.store, actor_kind="import").count() == 19


BOOK_OF_ALL_KINDS = """\
external_id,name,email,phone,newsletter,tags,address,city,address 2,contact name,birthday,company
1,Ann Lee,ann@example.com,0412 345 678,yes,"bread; Wholesale",1 A St,Sydney,,,1980-02-03,
1,,,,,,2 B St,Perth,,,,
2,Bob Ray,bob@example.com,,no,wholesale,,,,,,Ray & Sons
3,,info@example.com,,yes,,9 C St,Perth,,,,Nadir
"""


VOLATILE = ("id", "uid", "store_id", "position")


def without_ids(value: Any) -> Any:
    """Return JSON of the book without what differs from store to store, and from second to second."""
    if isinstance(value, dict):
        return {
            name: without_ids(part)
            for name, part in value.items()
            if name not in VOLATILE and not name.endswith(("_at", "_since"))
        }
    return [without_ids(part) for part in value] if isinstance(value, list) else value


def written_book(store: Store, together: int) -> list[Any]:
    """Import the book of all kinds, and return all that was written of each customer."""
    with mock.patch.object(writing_many, "TOGETHER", together):
        job = Importing(store).run(BOOK_OF_ALL_KINDS)
    assert counts(job) == {"create": 3}
    rows = []
    for row in ImportRow.objects.filter(store=store, job=job).order_by("line"):
        event = Event.objects.get(store=store, customer_uid=row.customer.uid)
        owned = {"store": store, "customer": row.customer}
        profile = MatchProfile.objects.get(**owned)
        assert event.snapshot == event_json(full_customer_row(store.pk, row.customer.pk))
        rows.append(
            [
                without_ids(event.snapshot),
                (event.type, event.version, event.changed, event.before, event.actor_name),
                (profile.text, profile.is_compared),
                CustomerWords.objects.get(**owned).words,
                set(MatchKey.objects.filter(**owned).column("hash")),
                list(ConsentChange.objects.filter(**owned).values_list("state", "source")),
                (row.version_after, row.outcome, row.payload, row.result),
                row.customer.search_text,
            ]
        )
    return rows


def event_json(row: dict[str, Any]) -> Any:
    return json.loads(json.dumps(row, cls=Event._meta.get_field("snapshot").encoder))


def test_customers_created_together_are_as_if_created_alone(
    store: Store, other_store: Store
) -> None:
    assert written_book(store, together=50) == written_book(other_store, together=1)


def test_the_plan_of_a_check_equals_the_result_of_its_run(importing: Importing) -> None:
    CustomerFactory(store=importing.store, external_id="C1", name="Old", email=None)
    job = importing.check(csv_book(40, 8))
    planned = {row.line: (row.action, row.diff) for row in importing.rows(job)}
    importing.step(job, State.RUNNING)
    rows = importing.rows(job)
    assert {row.line: (row.action, row.diff) for row in rows} == planned
    assert {row.outcome for row in rows if row.action in ("create", "update")} == {Outcome.WRITTEN}
    for row in rows:
        if row.action == Action.UPDATE:
            customer = Customer.objects.get(store=importing.store, pk=row.customer_id)
            assert [str(getattr(customer, n)) for n in ("name", "email")] == [
                str(row.diff[n][1]) for n in ("name", "email")
            ]


def test_an_import_is_not_run_twice(importing: Importing) -> None:
    job = importing.run(PEOPLE)
    with pytest.raises(Exception, match="changed_meanwhile"):
        jobs.start(job, State.RUNNING)


@pytest.mark.parametrize(
    "cells", [",Ann@Example.com,", ",,+61412345678", ",other@example.com,0412 345 678"]
)
def test_a_person_who_was_erased_is_not_added_by_accident(importing: Importing, cells: str) -> None:
    customer = CustomerFactory(
        store=importing.store, name="Ann", email="ann@example.com", phone="0412 345 678"
    )
    erase_customer(customer.as_queryset(), SYSTEM)
    job = importing.run(f"name,email,phone\nAnn Lee{cells}\nZoe,zoe@example.com,\n")
    assert counts(job) == {"create": 1, "conflict": 1}
    [issue] = importing.row(job, 2).issues
    assert issue["text"].startswith(f"This person's data was erased on {timezone.now():%Y-%m-%d}.")
    assert list(Customer.objects.live().column("name")) == ["Zoe"]


def test_a_person_whom_another_store_erased_is_unknown(
    importing: Importing, other_store: Store
) -> None:
    customer = CustomerFactory(store=other_store, name="Ann", email="ann@example.com")
    erase_customer(customer.as_queryset(), SYSTEM)
    assert counts(importing.check("name,email\nAnn,ann@example.com\n")) == {"create": 1}
