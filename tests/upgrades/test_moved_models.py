"""Depots and delivery zones moved from the app `stores` to `customers`, with permissions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from tests.upgrades.databases import connected_to, new_database, restore
from tests.upgrades.test_migrations import applied_migrations

MODELS = ("deliveryzone", "depot")


@pytest.fixture
def release_database(release: str, tmp_path: Path, django_db_blocker: Any) -> Iterator[None]:
    with new_database(tmp_path) as database:
        restore(database, release)
        with django_db_blocker.unblock(), connected_to(database):
            yield


def rights(owner: Group | User) -> set[str]:
    permissions = owner.permissions if isinstance(owner, Group) else owner.user_permissions
    rows = permissions.filter(content_type__model__in=MODELS)
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


def all_rights() -> dict[str, set[str]]:
    """Return each group's and each user's permissions on depots and zones."""
    return {str(owner): rights(owner) for owner in (*Group.objects.all(), *User.objects.all())}


def in_customers(rights_by_owner: dict[str, set[str]]) -> dict[str, set[str]]:
    return {
        owner: {right.replace("stores.", "customers.") for right in rights}
        for owner, rights in rights_by_owner.items()
    }


def log_change(user: User, app: str, model: str) -> None:
    """Write an entry of the admin log, as a server does whose model is in `app`."""
    content_type, _ = ContentType.objects.get_or_create(app_label=app, model=model)
    LogEntry.objects.create(
        user=user, content_type=content_type, object_id="1", object_repr=app, action_flag=CHANGE
    )


def apps_with_models() -> list[str]:
    """Return the app of each content type; a model with two content types is in it twice."""
    return list(ContentType.objects.filter(model__in=MODELS).values_list("app_label", flat=True))


def logged_apps() -> list[str]:
    entries = LogEntry.objects.filter(content_type__model__in=MODELS)
    return list(entries.values_list("content_type__app_label", flat=True))


@pytest.mark.usefixtures("release_database")
def test_rights_and_log_entries_follow_their_models() -> None:
    release_migration, owner = applied_migrations()["customers"], User.objects.get(username="owner")
    owner.user_permissions.add(Permission.objects.get(codename="delete_depot"))
    former_rights = all_rights()
    assert len(former_rights["Manager"]) == 8
    assert former_rights["owner"] == {"stores.delete_depot"}
    for model in MODELS:
        log_change(owner, "stores", model)
    log_change(owner, "customers", "depot")  # a new server, before the migration

    call_command("migrate", verbosity=0)
    assert all_rights() == in_customers(former_rights)
    assert apps_with_models() == ["customers"] * 2
    assert logged_apps() == ["customers"] * 3
    log_change(owner, "stores", "deliveryzone")  # an old server, after the migration

    call_command("migrate", "customers", release_migration, verbosity=0)
    assert all_rights() == former_rights
    assert apps_with_models() == ["stores"] * 2
    assert logged_apps() == ["stores"] * 4
