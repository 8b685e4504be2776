"""A workbook of one sheet, written as it is sent: nobody waits for the last row to get the first.

Office Open XML is a zip of a few XML files. Texts stand in the cells themselves, so that none of them is ever a
formula or a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any, cast
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

MOST_ROWS = 1_048_575  # a sheet has 2^20 rows, one of them the header
LONGEST = 32_767  # characters of a cell
PIECE = 128 * 1024  # bytes sent at a time
QUICK = 3  # how hard to deflate: half the time of the usual 6
DAYS_FROM = datetime(1899, 12, 30, tzinfo=UTC)  # day 0 of spreadsheets
PLAIN, BOLD, MOMENT = 0, 1, 2  # the styles below, by their place
UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # not in any XML

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FILES = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="Customers" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{SHEETS}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
HEAD = (
    f'<worksheet xmlns="{SHEETS}"><sheetViews><sheetView workbookViewId="0" tabSelected="1">'
    '<pane xSplit="2" ySplit="1" topLeftCell="C2" activePane="bottomRight" state="frozen"/>'
    '</sheetView></sheetViews><cols><col min="1" max="%d" width="18" customWidth="1"/></cols><sheetData>'
)
FOOT = "</sheetData></worksheet>"


class Outlet:
    """A file that can be written to and emptied, and not gone back in."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, data: bytes, /) -> int:
        self.held += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits: what was written is held."""

    def take(self) -> bytes:
        taken, self.held = bytes(self.held), bytearray()
        return taken


def workbook(header: list[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """The bytes of the file, in pieces."""
    outlet = Outlet()
    with ZipFile(cast(IO[bytes], outlet), "w", ZIP_DEFLATED, compresslevel=QUICK) as file:
        for name, text in FILES.items():
            file.writestr(name, DECLARATION + text)
        with file.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((DECLARATION + HEAD % len(header)).encode())
            sheet.write(line(header, BOLD))
            yield outlet.take()
            for row in rows:
                sheet.write(line(row))
                if len(outlet.held) >= PIECE:
                    yield outlet.take()
            sheet.write(FOOT.encode())
    yield outlet.take()


def line(values: Iterable[Any], style: int = PLAIN) -> bytes:
    return f"<row>{''.join(cell(value, style) for value in values)}</row>".encode()


def cell(value: Any, style: int) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return text("yes" if value else "no", style)
    if isinstance(value, Decimal | int):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, datetime):
        days = (value - DAYS_FROM).total_seconds() / 86_400
        return f'<c s="{MOMENT}"><v>{days:.10f}</v></c>'
    return text(str(value), style)


def text(value: str, style: int) -> str:
    shown = escape(UNSHOWABLE.sub("", value[:LONGEST]))
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'
