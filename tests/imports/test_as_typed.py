"""What people pasted into a file is cleaned or refused, as at every other door."""

from __future__ import annotations

import pytest

from customers.models import Customer
from tests.imports.conftest import Importing, counts

HEAD = "name,email,phone,tags,birthday,website\n"


def test_pasted_characters_that_nobody_sees_are_not_stored(importing: Importing) -> None:
    phone = "\u202a+61\u2009412\u202f345 678\u202c"
    line = f"\u202eAn\u2066na O’Hara,anna@ex\u200bam\u2060ple.org,{phone},VI\u200bP,,"
    job = importing.run(HEAD + line + "\n")
    assert counts(job) == {"create": 1}
    anna = importing.customer()
    assert (anna.name, anna.email, anna.phone) == (
        "Anna O’Hara",
        "anna@example.org",
        "+61 412 345 678",
    )
    again = importing.check(HEAD + "Anna O'Hara,anna@example.org,+61 (0)412 345 678,VIP,,\n")
    assert counts(again).keys() <= {"same", "update"}


@pytest.mark.parametrize(
    "line",
    [
        "\u3164,,,,,",
        "\u202e\u2060,,,,,",
        "Ann,,-412345678,,,",
        "Ann,,−412345678,,,",
        "Ann,,,,2999-01-01,",
        "Ann,,,,1899-12-31,",
        "Ann,,,,,javascript:alert(1)",
        "Ann,,,,,ftp://example.com",
    ],
)
def test_what_cannot_be_is_an_error_of_its_row(importing: Importing, line: str) -> None:
    job = importing.run(f"{HEAD}{line}\nBob,bob@example.org,,,,\n")
    assert counts(job) == {"create": 1, "error": 1}
    assert [one.name for one in Customer.objects.all()] == ["Bob"]
