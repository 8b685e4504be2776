"""Permissions of the groups, and which staff may create which."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from stores.models import ApiKey
from tests.admin.pages import controls, open_page, save
from tests.factories import CustomerFactory

KEYS = reverse("admin:stores_apikey_changelist")
PEOPLE = reverse("admin:auth_user_changelist")


@pytest.fixture
def customer(store) -> Customer:
    return CustomerFactory(store=store, name="Ann Lee")


def test_migration_creates_the_four_groups(db: None) -> None:
    group_names = set(Group.objects.values_list("name", flat=True))
    assert group_names == {"Viewer", "Clerk", "Manager", "Administrator"}


def test_viewer_reads_but_changes_nothing(sign_in, store, customer) -> None:
    viewer = sign_in("Viewer", store)
    page = open_page(viewer, "customers_customer", customer.pk)
    assert page.status_code == 200
    assert 'name="first_name"' not in page.content.decode()
    url = reverse("admin:customers_customer_change", args=[customer.pk])
    assert viewer.post(url, {"first_name": "Eve"}).status_code == 403
    for button in ("post", "check", "geocode", "restore"):
        url = reverse(f"admin:customers_customer_{button}", args=[customer.pk])
        assert viewer.post(url).status_code == 403
    assert viewer.get(reverse("admin:customers_customer_add")).status_code == 403
    assert viewer.get(KEYS).status_code == 403
    listed = viewer.get(reverse("admin:customers_customer_changelist"))
    assert "action" not in controls(listed, "changelist-form")


def test_clerk_edits_but_changes_no_limit(sign_in, store, customer) -> None:
    clerk = sign_in("Clerk", store)
    page = open_page(clerk, "customers_customer", customer.pk)
    save(clerk, page, first_name="Anna", credit_limit="5000", payment_terms="net_90")
    customer.refresh_from_db()
    assert customer.first_name == "Anna"
    assert customer.credit_limit is None
    assert customer.payment_terms == "net_30"


def test_clerk_sees_no_keys_and_exports_nothing(sign_in, store, customer) -> None:
    clerk = sign_in("Clerk", store)
    assert clerk.get(KEYS).status_code == 403
    page = clerk.get(reverse("admin:customers_customer_changelist")).content.decode()
    assert "add_tag" in page
    assert "export_csv" not in page
    assert (
        clerk.get(reverse("admin:customers_customer_delete", args=[customer.pk])).status_code == 403
    )


def test_manager_changes_limits_but_sees_no_keys(sign_in, store, customer) -> None:
    manager = sign_in("Manager", store)
    save(
        manager,
        open_page(manager, "customers_customer", customer.pk),
        is_account_enabled="on",
        credit_limit="5000",
    )
    customer.refresh_from_db()
    assert customer.credit_limit == 5000
    assert manager.get(KEYS).status_code == 403
    manager.post(reverse("admin:customers_customer_delete", args=[customer.pk]), {"post": "yes"})
    customer.refresh_from_db()
    assert customer.deleted_at is not None


def test_administrator_creates_staff_of_own_store_only(sign_in, store) -> None:
    boss = sign_in("Administrator", store)
    page = open_page(boss, "auth_user")
    answer = save(
        boss,
        page,
        username="carl",
        password1="a-long-password",
        password2="a-long-password",
        groups=[Group.objects.get(name="Clerk").pk],
        stores=[store.pk],
        is_superuser="on",
    )
    assert answer.status_code == 200
    carl = User.objects.get(username="carl")
    assert list(carl.stores.all()) == [store]
    assert carl.is_staff
    assert not carl.is_superuser


def test_administrator_must_bind_new_staff_to_a_store(sign_in, store, other_store) -> None:
    boss = sign_in("Administrator", store)
    page = open_page(boss, "auth_user")
    login = {"username": "carl", "password1": "a-long-password", "password2": "a-long-password"}
    save(boss, page, **login)
    save(boss, page, **login, stores=[other_store.pk])
    assert not User.objects.filter(username="carl").exists()


def test_administrator_edits_only_staff_of_own_store(sign_in, store, other_store) -> None:
    sign_in(None, store, name="root")
    sign_in("Clerk", store, other_store, name="both")
    sign_in("Clerk", other_store, name="stranger")
    boss = sign_in("Administrator", store)
    ids = dict(User.objects.values_list("username", "pk"))
    assert open_page(boss, "auth_user", ids["stranger"]).status_code == 404
    for name in ("root", "both"):
        url = reverse("admin:auth_user_change", args=[ids[name]])
        assert boss.post(url, {"username": "mine"}).status_code == 403
        url = reverse("admin:auth_user_password_change", args=[ids[name]])
        assert boss.post(url, {"password1": "x", "password2": "x"}).status_code == 403


@pytest.fixture
def accountant(db: None) -> Group:
    """Create a group with a permission that administrators lack."""
    group = Group.objects.create(name="Accountant")
    group.permissions.set(Permission.objects.filter(codename="delete_payment"))
    return group


def test_administrator_assigns_no_stronger_group(sign_in, owner: Client, store, accountant) -> None:
    boss, user = sign_in("Administrator", store), User.objects.get(username="administrator")
    page = open_page(boss, "auth_user", user.pk)
    assert "Administrator" in page.content.decode()
    assert "Accountant" not in page.content.decode()
    answer = save(boss, page, groups=[accountant.pk])
    assert "groups" in answer.context["adminform"].form.errors
    assert user.groups.get().name == "Administrator"
    save(owner, open_page(owner, "auth_user", user.pk), groups=[accountant.pk])
    assert user.groups.get() == accountant


@pytest.mark.parametrize("is_active", [True, False])
def test_administrator_edits_nobody_with_more_rights(
    sign_in, store, accountant, is_active: bool
) -> None:
    sign_in("Clerk", store, is_active=is_active)
    clerk = User.objects.get(username="clerk")
    clerk.groups.add(accountant)
    boss = sign_in("Administrator", store)
    for view in ("change", "password_change"):
        url = reverse(f"admin:auth_user_{view}", args=[clerk.pk])
        assert boss.post(url, {"username": "mine"}).status_code == 403
    clerk.groups.remove(accountant)
    save(boss, open_page(boss, "auth_user", clerk.pk), first_name="Carl")
    clerk.refresh_from_db()
    assert clerk.first_name == "Carl"


def test_saving_staff_keeps_fields_not_on_the_page(owner: Client, sign_in, store) -> None:
    sign_in("Clerk", store, name="carl")
    carl = User.objects.get(username="carl")
    save(owner, open_page(owner, "auth_user", carl.pk), first_name="Carl")
    carl.refresh_from_db()
    assert carl.first_name == "Carl"
    assert list(carl.stores.all()) == [store]
    assert carl.check_password("a-long-password")


def test_five_wrong_passwords_lock_out(client: Client, sign_in) -> None:
    sign_in("Clerk", name="carl")
    wrong = {"username": "carl", "password": "wrong"}
    for _ in range(5):
        answer = client.post("/admin/login/", wrong)
    assert answer.status_code == 429
    right = {"username": "carl", "password": "a-long-password"}
    locked = client.post("/admin/login/", right)
    assert locked.status_code == 429
    assert "_auth_user_id" not in client.session
    shown = locked.content.decode()
    assert "Try again 15 minutes after the last attempt" in shown
    assert reverse("admin:login") in shown


def test_session_ends_eight_hours_after_last_request(sign_in, store) -> None:
    morning = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
    with time_machine.travel(morning, tick=False) as clock:
        clerk = sign_in("Clerk", store)
        clock.shift(timedelta(hours=7, minutes=59))
        assert clerk.get("/admin/").status_code == 200
        clock.shift(timedelta(hours=7, minutes=59))
        assert clerk.get("/admin/").status_code == 200
        clock.shift(timedelta(hours=8, seconds=1))
        assert clerk.get("/admin/").url == "/admin/login/?next=/admin/"


def test_bound_administrator_creates_keys_of_own_store(sign_in, store) -> None:
    boss = sign_in("Administrator", store)
    page = open_page(boss, "stores_apikey")
    save(boss, page, store="", name="Everywhere", preset="all")
    assert not ApiKey.objects.exists()
    save(boss, page, store=store.pk, name="Ours", preset="all")
    assert ApiKey.objects.get().store == store
    assert boss.get(PEOPLE).status_code == 200
