"""Files that are no tables, or made to do harm: a clear sentence, and nothing half done."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from config.bootstrap import ROOT
from customers.imports.models import ImportJob, ImportRow, State
from customers.imports.reading import Unreadable, open_table
from customers.imports.services import jobs
from customers.models import Customer
from tests.imports.conftest import MIA, Importing, spool

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def workbook(fill: Callable[[Any], None]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        fill(book.add_worksheet())
    return file.getvalue()


def far_apart(sheet: Any) -> None:
    """Two cells, and seventeen billion blank ones between them."""
    sheet.write_string(0, 0, "name")
    sheet.write_string(1_048_575, 16_383, "Ann")


def zip_of(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return file.getvalue()


HALF = zip_of(**{"xl/workbook.xml": b"<x>", "[Content_Types].xml": b""})
VCARD = b"BEGIN:VCARD\nVERSION:2.1\nFN;ENCODING=QUOTED-PRINTABLE:A=00n\nEND:VCARD\n"
REFUSED: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "empty"),
    ("white space", b" \n\n ", "empty"),
    ("only names of columns", b"name,email\n\n , \n", "no row below"),
    ("a workbook with names only", workbook(lambda s: s.write_row(0, 0, ["name"])), "no row below"),
    ("a picture", PNG, "a picture"),
    ("a web page", b"\xef\xbb\xbf<!DOCTYPE html>\n<p>name,email\nAnn,x\n", "a web page or XML"),
    ("a PDF", b"%PDF-1.7 ...", "a PDF document"),
    ("a compressed file", b"\x1f\x8b\x08rest", "a compressed file"),
    ("an archive", zip_of(letter=b"hello"), "an archive"),
    ("half an archive", b"PK\x03\x04" + b"x" * 400, "cannot be read"),
    (
        "half a workbook",
        HALF,
        "cannot be read",
    ),
    (
        "an old workbook that is none",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "cannot be read",
    ),
    ("NUL", b"name,email\nAnn\x00,x\n", "line 2 has a NUL"),
    ("NUL far away", b"name\n" + b"Ann\n" * 3000 + b"B\x00b\n", "line 3002 has a NUL"),
    ("mixed encodings", "name\nJörg\n".encode() + "Zoë\n".encode("cp1252"), "Line 3 is encoded"),
    ("an unknown encoding", b"name\nJ\x81rg\n", "unknown encoding"),
    ("a large cell", b"name\n" + b"x" * 10_000_000, "more than 100,000"),
    ("a large quoted cell", b'name\n"' + b"x\n" * 5_000_000 + b'"\n', "more than 100,000"),
    ("an open quote", b'name,email\n"Ann,ann@example.com\n', "quotes in line 2"),
    ("quotes in quotes", b'name\n"Ann "the" Lee"\n', "quotes in line 2"),
    (
        "too many columns",
        ",".join(f"c{n}" for n in range(2000)).encode() + b"\n1\n",
        "1,000 columns",
    ),
    ("broken JSON", b'{"name": "Ann"}\n{"name": \n', "Line 2 is no JSON"),
    ("a list as JSON", b'{"name": "Ann"}\n[1]\n', "Line 2 is no JSON"),
    ("NUL in JSON", b'{"name": "Ann"}\n{"name": "A\\u0000n"}\n', "line 2 has a NUL"),
    ("NUL in a name of JSON", b'{"na\\u0000me": "Ann"}\n', "line 1 has a NUL"),
    ("NUL in a vCard", VCARD, "line 1 has a NUL"),
    ("a sparse workbook", workbook(far_apart), "too much memory"),
]


@pytest.mark.parametrize(("data", "text"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED])
def test_a_file_that_is_no_table_is_refused(importing: Importing, data: bytes, text: str) -> None:
    try:
        job = importing.check(data)
        problem = job.problem
        assert job.state == State.UNREADABLE
    except Unreadable as error:
        problem = str(error)
    assert text in problem
    assert not ImportRow.objects.filter(store=importing.store).exists()
    assert not Customer.objects.filter(store=importing.store).exists()


def test_a_bomb_is_refused_by_what_it_unpacks_to(importing: Importing) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"")
        with archive.open("xl/workbook.xml", "w", force_zip64=True) as entry:
            for _ in range(600):
                entry.write(b" " * 2**20)
    with pytest.raises(Unreadable, match="500 MB"):
        jobs.create_job(importing.store, MIA, spool(file.getvalue()), "bomb.xlsx")
    assert not ImportJob.objects.filter(store=importing.store).exists()


def test_a_formula_stays_a_text(importing: Importing) -> None:
    importing.run("name,company\n=HYPERLINK('http://evil.example'),+cmd|calc\n")
    assert importing.customer().name.startswith("=HYPERLINK")


@pytest.mark.parametrize(
    "text",
    [
        "name;email\nJörg;j@example.com\n",
        "name\temail\nJörg\tj@example.com\n",
        "name|email\nJörg|j@example.com\n",
        'sep=;\nname;email\n"Jörg";j@example.com\n',
        '"name","email"\r\n"Jörg","j@example.com"\r\n',
        "name,email\rJörg,j@example.com\r",
        "\n\nname,email,,\n,,,\nJörg,j@example.com,,\n\n",
    ],
)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_any_separator_and_encoding_is_read(text: str, encoding: str) -> None:
    table = open_table(spool(text.encode(encoding)))
    assert table.header == ["name", "email"]
    assert [row.cells[:2] for row in table.rows] == [["Jörg", "j@example.com"]]


def test_a_cell_may_have_lines_and_rows_keep_their_lines() -> None:
    table = open_table(spool(b'name,notes\n"Ann","one\ntwo"\nBob,\n'))
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ["Ann", "one\ntwo"]),
        (4, ["Bob", ""]),
    ]


def test_columns_of_one_name_are_told_apart() -> None:
    assert open_table(spool(b"Phone,Phone,,Name\n1,2,3,4\n")).header == [
        "Phone",
        "Phone (2)",
        "Column 3",
        "Name",
    ]


def test_a_workbook_is_read_with_days_and_whole_numbers(tmp_path: Path) -> None:
    from datetime import date

    def fill(sheet: Any) -> None:
        sheet.write_row(0, 0, ["name", "phone", "active", "birthday"])
        sheet.write_row(1, 0, ["Ann", 412345678.0, True])
        sheet.write_datetime(1, 3, date(1980, 11, 5))

    table = open_table(spool(workbook(fill)))
    assert next(table.rows).cells == ["Ann", "412345678", "TRUE", "29530"]


def test_a_workbook_of_myob_begins_below_its_sign() -> None:
    """As LibreOffice saves a file of MYOB again."""

    def fill(sheet: Any) -> None:
        sheet.write_row(0, 0, ["{}"])
        sheet.write_row(1, 0, ["Co./Last Name", "First Name"])
        sheet.write_row(2, 0, ["Lee", "Ann"])

    table = open_table(spool(workbook(fill)))
    assert (table.header, next(table.rows).cells) == (
        ["Co./Last Name", "First Name"],
        ["Lee", "Ann"],
    )


def test_a_fraction_with_three_decimals_is_no_thousand(importing: Importing) -> None:
    def fill(sheet: Any) -> None:
        sheet.write_row(0, 0, ["name", "credit limit"])
        sheet.write_row(1, 0, ["Ann", 12.125])

    importing.run(workbook(fill))
    importing.run('{"name": "Bob", "credit limit": 12.125}\n')
    assert {customer.credit_limit for customer in Customer.objects.all()} == {Decimal("12.13")}


MEASURE = """
import sys, tempfile
sys.path.insert(0, {root!r})
from customers.imports.reading import open_table
file = tempfile.TemporaryFile()
line = b"Ann Lee,ann@example.com," + b"x" * 60 + b"\\n"
file.write(b"name,email,notes\\n")
for _ in range(900): file.write(line * 1000)
file.flush()
count = sum(1 for row in open_table(file).rows)
peak = open("/proc/self/status").read().split("VmHWM:")[1].split()[0]
print(count, int(peak) // 1024)
"""


def test_a_large_file_needs_little_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE.format(root=str(ROOT))], capture_output=True, text=True
    )
    rows, megabytes = map(int, done.stdout.split())
    assert rows == 900_000, done.stderr
    assert megabytes < 100
