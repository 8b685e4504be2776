"""Keys that make spellings of one e-mail address equal."""

import contextlib
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.canonical import email_key

FULL_WIDTH = "".join(chr(ord(char) + 0xFEE0) for char in "jane@example.org")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane@Example.ORG", "jane@example.org"),
        (" jane@example.org ", "jane@example.org"),
        (FULL_WIDTH, "jane@example.org"),
        ("jane@bücher-x.example", "JANE@XN--BCHER-X-N2A.EXAMPLE"),
        ("STRASSE@example.org", "straße@example.org"),
        ("jose\u0301@example.org", "josé@example.org"),
        ("用户@例え。テスト", "用户@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_spellings_of_one_address_share_a_key(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jane@example.org", "jane+shop@example.org"),
        ("jane@example.org", "ja.ne@example.org"),
        ("jose@example.org", "josé@example.org"),
        ("a@strasse.example", "a@straße.example"),  # two different domains
    ],
)
def test_different_addresses_have_different_keys(one: str, other: str) -> None:
    assert email_key(one) != email_key(other)


@pytest.mark.parametrize(
    "address",
    [
        "o'brien+tag@example.org",
        "राम@example.org",
        "иван@пример.рф",
        "a@b.co",
        "x_y/z=1@sub.example.museum",
        "jane@r3---sn.example.org",
    ],
)
def test_any_letter_and_usual_sign_is_accepted(address: str) -> None:
    assert email_key(address).split("@")[0] == address.split("@")[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jane",
        "no at",
        "jane@",
        "@example.org",
        "a b@example.org",
        "INVALID EMAIL ADDRESS",
        "jane@localhost",
        "jane@example.org.",
        "jane@ex ample.org",
        "jane@-example.org",
        "jane@exa_mple.org",
        "jane@127.0.0.1",
        "jane@[127.0.0.1]",
        "jane@@example.org",
        "a@b@example.org",
        ".jane@example.org",
        "ja..ne@example.org",
        "ja\u2026ne@example.org",  # normalization turns the ellipsis into three dots
        "jane\0@example.org",
        "ja\u200bne@example.org",
        "\ud800@example.org",
        "jane@\ud800.org",
        "jane@xn--a.org",
        "Jane <jane@example.org>",
        f"jane@{'x' * 64}.org",
        f"{'x' * 243}@example.org",
        "\ufdfa" * 30 + "@example.org",  # short as sent, too long after normalization
        "\ufdfa@example.org",  # one letter as sent, four words after normalization
    ],
)
def test_invalid_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        email_key(text)


def test_longest_address_has_254_characters() -> None:
    assert len(email_key(f"{'x' * 242}@example.org")) == 254


@given(st.text(), st.text())
def test_key_of_a_key_is_the_key(local: str, domain: str) -> None:
    try:
        key = email_key(f"{local}@{domain}.example")
    except ValueError:
        return
    assert email_key(key) == key


def _is_one_word(letter: str) -> bool:
    return " " not in unicodedata.normalize("NFKC", letter)


@given(st.text(st.characters(categories=["L"]).filter(_is_one_word), min_size=1, max_size=20))
def test_keys_of_all_letters_are_stable(local: str) -> None:
    key = email_key(f"{local}@example.org")
    assert email_key(key) == key


@given(st.text())
def test_any_text_has_a_key_or_is_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert "@" in email_key(text)
