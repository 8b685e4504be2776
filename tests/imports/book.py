"""Files of made-up people, of any size, with rows that are wrong in known ways."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

HEADER = (
    "external_id,first_name,last_name,company,email,phone,marketing_opt_in,credit_limit,birth_date,"
    "delivery_line1,delivery_city,delivery_state,delivery_postcode,delivery_country,tags,website,"
    "payment_terms,is_account_enabled,opening_balance"
)
COLUMNS = HEADER.split(",")
NAMES = """
Ada Bea Cleo Dora Elif Finn Gus Hana Ivo Juno Kofi Lena Milo Nia Otto Priya
Abbott Baptiste Cheng Dietrich Eze Fournier Garcia Horvat Ito Janssen Khan Lopez
"""
FIRST, LAST = (line.split() for line in NAMES.strip().splitlines())
CITIES = (("Sydney", "NSW", "2000"), ("Melbourne", "VIC", "3000"), ("Perth", "WA", "6000"))
# A column and a cell that no customer may have: each is one error of a row.
BAD_CELLS = (
    ("email", "harbour lane.example.com"),
    ("email", "@example.com"),
    ("email", "ann@"),
    ("email", "ann@example"),
    ("email", f"{'a' * 250}@example.com"),
    ("phone", "4.1E+10"),
    ("phone", "call me"),
    ("phone", "-5"),
    ("credit_limit", "a lot"),
    ("credit_limit", "-20"),
    ("credit_limit", "1e30"),
    ("birth_date", "31/31/1980"),
    ("birth_date", "1850-01-01"),
    ("birth_date", "2090-01-01"),
    ("birth_date", "spring"),
    ("delivery_country", "Austrlia"),
    ("delivery_country", "Atlantis"),
    ("marketing_opt_in", "perhaps"),
    ("is_account_enabled", "2"),
    ("website", "javascript:alert(1)"),
    ("website", "two words"),
    ("payment_terms", "when I like"),
    ("external_id", "1.23457E+12"),
    ("first_name", "x" * 300),
    ("opening_balance", "some"),
)


def row(number: int) -> list[str]:
    city, state, postcode = CITIES[number % 3]
    return [
        f"C{number}",
        FIRST[number % 16],
        f"{LAST[number % 12]}-{number}",
        f"Firm {number}" if number % 4 == 0 else "",
        f"person{number}@example.com",
        f"+614{number:08d}",
        "yes" if number % 2 else "no",
        "250.00",
        f"19{50 + number % 50}-0{1 + number % 9}-1{number % 9}",
        f"{number} Long Street",
        city,
        state,
        postcode,
        "Australia",
        "wholesale, bread" if number % 5 == 0 else "",
        "",
        "net_30",
        "yes",
        "",
    ]


def bad_row(number: int, kind: int) -> list[str]:
    cells = row(number)
    column, cell = BAD_CELLS[kind % len(BAD_CELLS)]
    cells[COLUMNS.index(column)] = cell
    return cells


def rows(count: int, bad: int = 0) -> Iterator[list[str]]:
    """Yield rows; every so many is bad, of each kind in turn."""
    step = count // bad if bad else 0
    for number in range(count):
        if step and number % step == 0 and number // step < bad:
            yield bad_row(number, number // step)
        else:
            yield row(number)


def write(file: IO[str], count: int, bad: int = 0) -> None:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(rows(count, bad))
