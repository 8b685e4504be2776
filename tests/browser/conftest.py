"""Run Chromium against a live server. Console errors and failed loads fail the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from playwright.sync_api import Browser, Page, expect

from stores.models import Store

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "a-long-password"
expect.set_options(timeout=30_000)

Enter = Callable[..., Page]


@pytest.fixture(scope="session", autouse=True)
def _beside_an_event_loop() -> Iterator[None]:
    """Allow Django's synchronous code beside the event loop of Playwright's driver."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Use a fast password hasher: the default one is slow on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def group_rights(django_db_setup: None, django_db_blocker: Any) -> dict[str, list[tuple[str, ...]]]:
    """Return the natural keys of the permissions of each group that migrations create."""
    with django_db_blocker.unblock():
        return {
            group.name: [permission.natural_key() for permission in group.permissions.all()]
            for group in Group.objects.all()
        }


@pytest.fixture
def groups(transactional_db: None, group_rights: dict[str, list[tuple[str, ...]]]) -> None:
    """Create the groups again: the flush after such a test deletes rows of migrations."""
    for name, keys in group_rights.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.get_by_natural_key(*key) for key in keys)


@pytest.fixture
def enter(browser: Browser, live_server: Any, groups: None) -> Iterator[Enter]:
    """Return a function that signs in a user in a new browser and opens the start page."""
    faults: list[str] = []
    contexts = []

    def sign_in(group: str | None = None, *stores: Store, name: str = "", **look: Any) -> Page:
        login = name or (group or "owner").lower()
        user = User.objects.create_user(
            login, password=PASSWORD, is_staff=True, is_superuser=group is None
        )
        if group is not None:
            user.groups.add(Group.objects.get(name=group))
        user.stores.set(stores)
        context = browser.new_context(base_url=live_server.url, **look)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults, live_server.url)
        page.goto("/admin/")
        page.get_by_label("Username").fill(login)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text(login, exact=True)).to_be_visible()
        page.wait_for_load_state()
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert faults == []


def press(page: Page, key: str) -> None:
    """Press a key when the page is there with the scripts that listen to it."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def watch(page: Page, faults: list[str], home: str) -> None:
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))

    def listen(said: Any) -> None:
        if said.type in ("error", "warning"):
            faults.append(f"{page.url}: {said.text}")

    def look(request: Any) -> None:
        if not request.url.startswith((home, "data:")):
            faults.append(f"{page.url} loads from elsewhere: {request.url}")

    page.on("console", listen)
    page.on("request", look)
