"""A statement as a PDF, with names in any script."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from orders.models import LetterSettings
from orders.statements.fonts import BOLD, REGULAR, fonts_beside, path_of
from orders.statements.statement import Line, Statement
from stores.admin.display import store_amount, store_number

logging.getLogger("fontTools").setLevel(
    logging.WARNING
)  # it writes a line for each table of a font

MARGIN, WIDTH = 16, 178  # mm; the page is 210 mm wide
SOFT, RULE = (80, 96, 91), (196, 208, 204)
RIGHT, LEFT = Align.R, Align.L
LINE_COLUMNS = ("Day", "What", "Due", "Charged", "Paid", "Balance")
OPEN_COLUMNS = ("Order", "Due", "Charged", "To be paid")


def pdf_of(
    statement: Statement, recipient: Sequence[str], settings: LetterSettings, today: date
) -> bytes:
    """Return the PDF of a statement; `recipient` is the address, a line each."""
    letter = Letter(statement, recipient, settings)
    letter.head(recipient, today)
    letter.sums()
    letter.lines()
    letter.ages()
    letter.open_charges()
    letter.how_to_pay()
    return bytes(letter.output())


def day(value: date | None) -> str:
    return f"{value.day} {value:%b %Y}" if value else ""


def long_day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


class Letter(FPDF):
    """The pages of a statement."""

    def __init__(
        self, statement: Statement, recipient: Sequence[str], settings: LetterSettings
    ) -> None:
        super().__init__(format="A4")
        self.settings = settings
        self.statement, self.store = statement, statement.store
        self.add_font("Sans", "", REGULAR)
        self.add_font("Sans", "B", BOLD)
        others = fonts_beside("".join(texts_of(statement, recipient, settings)))
        for name in others:
            self.add_font(name, "", path_of(name))
        self.set_fallback_fonts(others, exact_match=False)
        self.set_text_shaping(True)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=20)
        self.set_title("Statement of account")
        self.set_creator("Clientele")
        self.add_page()

    def footer(self) -> None:
        self.set_y(-14)
        self.write_soft(f"Page {self.page_no()}", RIGHT)

    # --- parts

    def head(self, recipient: Sequence[str], today: date) -> None:
        period = self.statement.period
        self.write_line(self.store.name, 13, "B")
        for text in self.settings.letterhead.splitlines():
            self.write_soft(text)
        self.ln(2)
        self.write_line("Statement of account", 10, "B")
        self.write_soft(f"{long_day(period.first)} to {long_day(period.last)}")
        self.write_soft(f"Customer {self.statement.customer.pk}, made on {long_day(today)}")
        self.ln(2)
        self.set_draw_color(15, 118, 110)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(6)
        for text in recipient:
            self.write_line(text)
        self.ln(6)

    def sums(self) -> None:
        """Write what is owed, and how much of it is late or due next."""
        statement = self.statement
        self.write_sum(f"Balance on {long_day(statement.period.last)}", statement.closing)
        if statement.overdue:
            self.write_sum("Of it overdue, please pay now", statement.overdue)
        if statement.next_due:
            due_on, amount = statement.next_due
            self.write_sum(f"Due next, on {long_day(due_on)}", amount)
        self.ln(5)

    def lines(self) -> None:
        statement = self.statement
        opening = (day(statement.period.first), "Opening balance", "", "", "")
        closing = (day(statement.period.last), "Closing balance", "")
        rows = [
            (*opening, self.number(statement.opening)),
            *(self.line_cells(line) for line in statement.lines),
        ]
        total = (statement.charged, statement.paid, statement.closing)
        self.write_table(
            LINE_COLUMNS, (23, 67, 23, 22, 22, 25), 3, rows, (*closing, *map(self.number, total))
        )

    def line_cells(self, line: Line) -> tuple[str, ...]:
        charged = self.number(line.charged) if line.charged else ""
        paid = self.number(line.paid) if line.paid else ""
        balance = self.number(line.balance)
        return (day(line.day), self.described(line), day(line.due_on), charged, paid, balance)

    def described(self, line: Line) -> str:
        text = f"{line.title}: {line.reference}" if line.reference else line.title
        paid = (f"{payee.title} {self.number(payee.amount)}" for payee in line.other_payees)
        return "\n".join(filter(None, (text, ", ".join(paid) and f"for {', '.join(paid)}")))

    def ages(self) -> None:
        buckets = [(bucket.label, self.number(bucket.amount)) for bucket in self.statement.ageing]
        if self.statement.in_advance:
            buckets.append(("Paid in advance", self.number(self.statement.in_advance)))
        buckets.append(("Balance", self.number(self.statement.closing)))
        self.write_heading("How old the balance is")
        labels, amounts = zip(*buckets, strict=True)
        self.write_table(labels, (1,) * len(labels), 0, [amounts])

    def open_charges(self) -> None:
        if not self.statement.open_charges:
            return
        rows = [
            (charge.title, overdue(day(charge.due_on), charge.days_overdue),
             self.number(charge.amount), self.number(charge.open_amount))
            for charge in self.statement.open_charges
        ]  # fmt: skip
        self.write_heading("Not paid in full")
        self.write_table(OPEN_COLUMNS, (40, 74, 32, 32), 2, rows)

    def how_to_pay(self) -> None:
        self.ln(6)
        for text in self.settings.how_to_pay.splitlines():
            self.write_line(text, 9)

    # --- writing

    def number(self, value: Decimal) -> str:
        return store_number(value, self.store)

    def write_line(self, text: str, size: int = 10, style: str = "", align: Align = LEFT) -> None:
        self.set_font("Sans", style, size)
        # A line that begins in another font would be the only one for which fpdf2 2.8 sets this font.
        self.cell(1, text=" ", new_x=XPos.LEFT)
        self.multi_cell(0, size * 0.5, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def write_soft(self, text: str, align: Align = LEFT) -> None:
        self.set_text_color(*SOFT)
        self.write_line(text, 8, align=align)
        self.set_text_color(0)

    def write_sum(self, label: str, value: Decimal) -> None:
        self.set_font("Sans", "", 10)
        self.cell(90, 6, label)
        self.set_font("Sans", "B", 11)
        text = store_amount(value, self.store)
        self.cell(40, 6, text, align=RIGHT, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def write_heading(self, text: str) -> None:
        self.ln(5)
        if self.will_page_break(30):  # a heading alone at the foot is of no use
            self.add_page()
        self.write_line(text, 10, "B")
        self.ln(1)

    def write_table(
        self,
        heads: Sequence[str],
        widths: Sequence[int],
        left: int,
        rows: Sequence[Sequence[str]],
        total: Sequence[str] = (),
    ) -> None:
        """Write a table. The first `left` columns are texts, the others amounts."""
        self.set_font("Sans", "", 8)
        self.set_draw_color(*RULE)
        with self.table(
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            col_widths=tuple(widths),
            headings_style=FontFace(emphasis="", color=SOFT),
            line_height=4.4,
            padding=(0.8, 1),
            text_align=tuple(LEFT if index < left else RIGHT for index in range(len(heads))),
            width=WIDTH,
        ) as table:
            for cells in (heads, *rows):
                table.row(cells)
            if total:
                table.row(total, style=FontFace(emphasis="BOLD"))


def overdue(due: str, days: int) -> str:
    return f"{due}, {days} day{'s' if days > 1 else ''} overdue" if days else due


def texts_of(
    statement: Statement, recipient: Sequence[str], settings: LetterSettings
) -> Iterator[str]:
    """Yield the texts that people wrote, which may be in any script."""
    yield from (statement.store.name, settings.letterhead, settings.how_to_pay)
    yield from recipient
    for line in statement.lines:
        yield line.kind  # with the method of payment
        yield line.reference
