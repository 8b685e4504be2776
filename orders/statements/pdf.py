"""A statement as a PDF, with names in any script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from orders.models import LetterSettings
from orders.paper.days import long_day
from orders.paper.paper import Paper
from orders.statements.statement import Line, Statement

LINE_COLUMNS = ("Day", "What", "Due", "Charged", "Paid", "Balance")
OPEN_COLUMNS = ("Order", "Due", "Charged", "To be paid")


def pdf_of(
    statement: Statement, recipient: Sequence[str], settings: LetterSettings, today: date
) -> bytes:
    """Return the PDF of a statement; `recipient` is the address, a line each."""
    letter = Letter(statement, recipient, settings)
    letter.head_of_statement(recipient, today)
    letter.sums()
    letter.lines()
    letter.ages()
    letter.open_charges()
    letter.how_to_pay()
    return bytes(letter.output())


def day(value: date | None) -> str:
    return f"{value.day} {value:%b %Y}" if value else ""


class Letter(Paper):
    """The pages of a statement."""

    def __init__(
        self, statement: Statement, recipient: Sequence[str], settings: LetterSettings
    ) -> None:
        store = statement.store
        texts = texts_of(statement)
        super().__init__("Statement of account", store, store.currency, recipient, settings, texts)
        self.statement = statement

    # --- parts

    def head_of_statement(self, recipient: Sequence[str], today: date) -> None:
        period, customer = self.statement.period, self.statement.customer
        facts = (
            f"{long_day(period.first)} to {long_day(period.last)}",
            f"Customer {customer.pk}, made on {long_day(today)}",
        )
        self.head("Statement of account", facts, recipient)

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
        paid = ", ".join(f"{one.title} {self.number(one.amount)}" for one in line.other_payees)
        return f"{text}\nfor {paid}" if paid else text

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


def overdue(due: str, days: int) -> str:
    return f"{due}, {days} day{'s' if days > 1 else ''} overdue" if days else due


def texts_of(statement: Statement) -> Iterator[str]:
    """Yield the texts that people wrote, which may be in any script."""
    for line in statement.lines:
        yield line.kind  # with the method of payment
        yield line.reference
