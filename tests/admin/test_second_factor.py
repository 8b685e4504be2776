"""The second factor of staff, invitations by e-mail, and where people are signed in."""

from __future__ import annotations

import re
from base64 import b32encode
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken

from stores.admin.second_factor import REQUIRED
from stores.models import AuthenticatorApp, Store
from tests.admin.conftest import SignIn
from tests.admin.pages import messages_of, open_page, send

LOGIN, CODE = reverse("admin:login"), reverse("admin:login_code")
FACTOR, CHANGE = reverse("admin:second_factor"), reverse("admin:change_factor")
SESSIONS = reverse("admin:sessions")
PASSWORD = "a-long-password"


@pytest.fixture(autouse=True)
def no_waiting(settings: Any) -> None:
    settings.OTP_TOTP_THROTTLE_FACTOR = settings.OTP_STATIC_THROTTLE_FACTOR = 0


def code_of(device: AuthenticatorApp, later: int = 0) -> str:
    return f"{totp(device.bin_key, drift=later):06}"


def set_up(client: Client) -> list[str]:
    """Turn the second factor on as a person does, and return the recovery codes."""
    client.get(FACTOR)
    device = AuthenticatorApp.objects.get(user__pk=client.session["_auth_user_id"])
    page = client.post(FACTOR, {"code": code_of(device, -1)})
    return re.findall(r"<li><code>([^<]+)</code>", page.content.decode())


def give(client: Client, username: str, password: str = PASSWORD) -> HttpResponse:
    """Send name and password."""
    data = {"username": username, "password": password, "next": SESSIONS}
    return client.post(LOGIN, data, REMOTE_ADDR="192.0.2.1")


def is_inside(client: Client) -> bool:
    return client.get(SESSIONS).status_code == 200


@pytest.fixture
def codes(sign_in: SignIn, store: Store) -> list[str]:
    return set_up(sign_in("Clerk", store))


def test_set_up_shows_a_code_to_scan_and_asks_for_one(sign_in: SignIn, store: Store) -> None:
    client = sign_in("Clerk", store)
    page = client.get(FACTOR).content.decode()
    assert "<svg" in page[page.index('class="qr"') :]
    assert "style=" not in page
    wrong = client.post(FACTOR, {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    assert not AuthenticatorApp.objects.get().confirmed
    assert len(set_up(client)) == 10
    assert AuthenticatorApp.objects.get().confirmed
    assert "10 recovery codes left" in client.get(FACTOR).content.decode()


def test_sign_in_asks_for_the_code_on_a_second_page(client: Client, codes: list[str]) -> None:
    page = give(client, "clerk")
    assert page["Location"] == CODE
    assert not is_inside(client)
    wrong = client.post(CODE, {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    assert not is_inside(client)
    right = client.post(CODE, {"code": code_of(AuthenticatorApp.objects.get())})
    assert right["Location"] == SESSIONS
    assert is_inside(client)


def test_a_code_counts_once(client: Client, codes: list[str]) -> None:
    code = code_of(AuthenticatorApp.objects.get())
    give(client, "clerk")
    client.post(CODE, {"code": code})
    other = Client()
    give(other, "clerk")
    assert "used before" in other.post(CODE, {"code": code}).content.decode()
    assert not is_inside(other)


def test_recovery_code_signs_in_once(client: Client, codes: list[str]) -> None:
    give(client, "clerk")
    client.post(CODE, {"code": codes[0].upper()})
    assert is_inside(client)
    assert StaticToken.objects.count() == 9
    other = Client()
    give(other, "clerk")
    other.post(CODE, {"code": codes[0]})
    assert not is_inside(other)


def test_neither_secret_nor_recovery_codes_are_readable(codes: list[str]) -> None:
    app = AuthenticatorApp.objects.get()
    for form in (app.bin_key, app.bin_key.hex().encode(), b32encode(app.bin_key)):
        assert form not in bytes(app.secret)
    assert set(codes).isdisjoint(StaticToken.objects.values_list("token", flat=True))


@pytest.mark.parametrize("is_kept", [True, False])
def test_another_secret_key_needs_the_old_one(
    client: Client, codes: list[str], settings: Any, is_kept: bool
) -> None:
    code = code_of(AuthenticatorApp.objects.get())
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "other", [old] if is_kept else []
    give(client, "clerk")
    assert is_inside(client) is False
    client.post(CODE, {"code": code})
    assert is_inside(client) is is_kept
    other = Client()
    give(other, "clerk")
    other.post(CODE, {"code": codes[0]})
    assert is_inside(other) is is_kept


def test_strangers_do_not_learn_who_has_a_second_factor(
    client: Client, sign_in: SignIn, store: Store, codes: list[str]
) -> None:
    sign_in("Viewer", store)
    pages = [give(client, name, "wrong").content.decode() for name in ("clerk", "viewer", "nobody")]
    plain = [re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page) for page in pages]
    assert plain[0] == plain[1] == plain[2]
    assert client.get(CODE)["Location"] == LOGIN


def test_wrong_codes_lock_out(client: Client, codes: list[str]) -> None:
    give(client, "clerk")
    statuses = [
        client.post(CODE, {"code": "000000"}, REMOTE_ADDR="192.0.2.1").status_code for _ in range(5)
    ]
    assert statuses == [200, 200, 200, 200, 429]
    assert give(client, "clerk").status_code == 429
    code = code_of(AuthenticatorApp.objects.get())
    client.post(CODE, {"code": code}, REMOTE_ADDR="192.0.2.1")
    assert not is_inside(client)


def test_right_passwords_between_wrong_codes_do_not_help(client: Client, codes: list[str]) -> None:
    for _ in range(5):
        give(client, "clerk")
        client.post(CODE, {"code": "000000"}, REMOTE_ADDR="192.0.2.1")
    assert give(client, "clerk").status_code == 429


def test_code_page_closes_after_five_minutes(client: Client, codes: list[str]) -> None:
    give(client, "clerk")
    session = client.session
    session["waits_for_code"] |= {"until": 0}
    session.save()
    page = client.post(CODE, {"code": code_of(AuthenticatorApp.objects.get())})
    assert page["Location"] == LOGIN
    assert not is_inside(client)


def test_a_role_can_require_it(client: Client, sign_in: SignIn, store: Store) -> None:
    duty = Permission.objects.get(codename=REQUIRED)
    Group.objects.get(name="Clerk").permissions.add(duty)
    sign_in("Clerk", store)
    assert give(client, "clerk")["Location"] == FACTOR
    assert client.get("/admin/customers/customer/")["Location"] == FACTOR
    assert "Your role requires" in client.get(FACTOR).content.decode()
    set_up(client)
    assert client.get("/admin/customers/customer/").status_code == 200
    page = client.post(
        CHANGE, {"code": code_of(AuthenticatorApp.objects.get()), "off": "y"}, follow=True
    )
    assert messages_of(page) == ["Your role requires a second factor."]


def test_it_is_turned_off_with_a_code_only(sign_in: SignIn, store: Store) -> None:
    client = sign_in("Clerk", store)
    set_up(client)
    client.post(CHANGE, {"code": "000000", "off": "yes"})
    assert AuthenticatorApp.objects.exists()
    client.post(CHANGE, {"code": code_of(AuthenticatorApp.objects.get()), "off": "yes"})
    assert not AuthenticatorApp.objects.exists()
    assert not StaticToken.objects.exists()


def button(name: str, user: User) -> str:
    return reverse(f"admin:auth_user_{name}", args=[user.pk])


def test_administrator_resets_it(client: Client, sign_in: SignIn, store, codes: list[str]) -> None:
    clerk = User.objects.get(username="clerk")
    boss = sign_in("Administrator", store)
    assert "Reset the second factor" in open_page(boss, "auth_user", clerk.pk).content.decode()
    question = boss.get(button("reset-factor", clerk))
    assert "Their app and 10 recovery codes stop working." in question.content.decode()
    assert AuthenticatorApp.objects.exists()
    send(boss, question)
    assert give(client, "clerk")["Location"] == SESSIONS
    assert is_inside(client)


def test_people_of_other_stores_and_stronger_ones_are_out_of_reach(
    sign_in: SignIn, store: Store, other_store: Store
) -> None:
    set_up(sign_in(None, store, name="root"))
    sign_in("Clerk", other_store, name="stranger")
    boss = sign_in("Administrator", store)
    for name, status in (("root", 403), ("stranger", 404)):
        user = User.objects.get(username=name)
        for path in ("reset-factor", "sign-out", "invite"):
            assert boss.post(button(path, user)).status_code == status
    assert AuthenticatorApp.objects.exists()
    assert sign_in("Clerk", store).post(button("invite", user)).status_code in (403, 404)


def test_invited_person_chooses_a_password(
    client: Client, sign_in: SignIn, store: Store, settings: Any
) -> None:
    boss = sign_in("Administrator", store)
    new = User.objects.create_user("nina", "nina@example.com", is_staff=True)
    new.stores.add(store)
    page = boss.post(button("invite", new), follow=True)
    assert messages_of(page) == ["Sent an invitation to nina@example.com."]
    [letter] = mail.outbox
    assert letter.to == ["nina@example.com"]
    assert "administrator made an account for you" in letter.body
    [path] = re.findall(r"http://testserver(/\S+)", letter.body)
    page = client.get(path, follow=True)
    words = {"new_password1": "blue-kettle-42", "new_password2": "blue-kettle-42"}
    page = client.post(page.wsgi_request.path, words, follow=True)
    assert page.status_code == 200
    assert give(client, "nina", "blue-kettle-42")["Location"] == SESSIONS
    assert "unsuccessful" in Client().get(path, follow=True).content.decode()


def test_invitation_needs_an_address(sign_in: SignIn, store: Store) -> None:
    boss = sign_in("Administrator", store)
    new = User.objects.create_user("nina", is_staff=True)
    new.stores.add(store)
    page = boss.post(button("invite", new), follow=True)
    assert messages_of(page) == ["Enter the person's e-mail address first, and save it."]
    assert mail.outbox == []


def test_forgotten_password_is_reset_by_email(client: Client, sign_in: SignIn, store) -> None:
    sign_in("Clerk", store, email="clerk@example.com")
    assert reverse("admin_password_reset") in client.get(LOGIN).content.decode()
    path, addresses = reverse("admin_password_reset"), ("nobody@example.com", "clerk@example.com")
    answers = [client.post(path, {"email": address}, follow=True) for address in addresses]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    [letter] = mail.outbox
    assert letter.subject == "Choose a new password for Clientele"
    assert "/admin/reset/" in letter.body


def test_nobody_is_flooded_with_links(client: Client, sign_in: SignIn, store) -> None:
    for name in ("clerk", "other"):
        sign_in("Clerk", store, name=name, email=f"{name}@example.com")
    path = reverse("admin_password_reset")
    answers = [
        client.post(path, {"email": address}, follow=True).redirect_chain
        for address in ("clerk@example.com", "Clerk@example.com") * 4
    ]
    assert len({str(answer) for answer in answers}) == 1
    assert len(mail.outbox) == 3
    client.post(path, {"email": "other@example.com"})
    assert len(mail.outbox) == 4


def test_sessions_are_listed_and_ended(client: Client, sign_in: SignIn, store: Store) -> None:
    sign_in("Clerk", store)
    elsewhere = Client()
    give(elsewhere, "clerk")
    client.post(
        LOGIN, {"username": "clerk", "password": PASSWORD}, headers={"user-agent": "Firefox <1>"}
    )
    page = client.get(SESSIONS).content.decode()
    assert "Firefox &lt;1&gt;" in page
    assert "192.0.2.1" in page
    page = client.post(SESSIONS, follow=True)
    assert messages_of(page) == ["Signed out in 2 other places."]
    assert is_inside(client)
    assert not is_inside(elsewhere)


def test_administrator_signs_a_person_out_everywhere(sign_in: SignIn, store: Store) -> None:
    clerk, boss = sign_in("Clerk", store), sign_in("Administrator", store)
    question = boss.get(button("sign-out", User.objects.get(username="clerk")))
    assert "They are signed in in 1 place," in question.content.decode()
    assert is_inside(clerk)
    assert messages_of(send(boss, question)) == ["Signed out in 1 place."]
    assert not is_inside(clerk)
    assert is_inside(boss)


def test_roles_are_shown_as_a_table(sign_in: SignIn, store: Store) -> None:
    path = reverse("admin:auth_group_table")
    page = sign_in("Administrator", store).get(path).content.decode()
    [row] = re.findall(r'<th scope="row">Customers</th>(.*?)</tr>', page)
    cells = re.findall(r"<td>(.*?)</td>", row)
    assert cells == ["see", "see, add, change", *["see, add, change, delete"] * 2]
    assert sign_in("Clerk", store).get(path).status_code == 403
