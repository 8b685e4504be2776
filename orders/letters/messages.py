"""Write the e-mail of a letter, from the book as it is when it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.core.mail import EmailMessage
from django.utils import timezone

from customers.models import Customer
from orders.letters.placeholders import fill
from orders.letters.texts import Text, texts_of
from orders.models import Letter, LetterSettings
from orders.models.letter import Level
from orders.paper.days import long_day
from orders.statements.periods import Period
from orders.statements.recipient import postal_lines
from orders.statements.statement import OpenCharge, Statement, statement_of
from stores.admin.display import store_amount
from stores.models import Store


@dataclass(frozen=True)
class Message:
    """An e-mail, and the amount that it asks for."""

    email: EmailMessage
    amount: Decimal


def settings_of(store: Store) -> LetterSettings:
    """Return the letter settings of a store; the usual ones are not saved."""
    return LetterSettings.objects.filter(store=store).first() or LetterSettings(store=store)


def message_of(letter: Letter, customer: Customer) -> Message:
    """Return the e-mail of a letter. Raises Invalid `too_many_lines` for a very long statement."""
    today = timezone.localdate(timezone=customer.store.tzinfo)
    period = Period(letter.first_day or today, letter.last_day or today)
    statement = statement_of(customer, period)
    settings, text = settings_of(customer.store), texts_of(customer.store)[letter.level]
    email = email_of(letter, settings, text, facts_of(statement, settings))
    if letter.level == Level.STATEMENT:
        # Here, because fpdf2 takes a fifth of a second to load, and most processes write no PDF.
        from orders.statements.pdf import pdf_of

        content = pdf_of(statement, postal_lines(customer), settings, today)
        email.attach(f"statement-{customer.pk}-{period.last}.pdf", content, "application/pdf")
    amount = statement.closing if letter.level == Level.STATEMENT else statement.overdue
    return Message(email, amount)


def email_of(
    letter: Letter, settings: LetterSettings, text: Text, facts: dict[str, str]
) -> EmailMessage:
    one_line = {name: " ".join(value.split()) for name, value in facts.items()}
    return EmailMessage(
        subject=fill(text.subject, one_line),
        body=fill(text.body, facts),
        to=[letter.address],
        cc=[letter.copy_to] if letter.copy_to else [],
        reply_to=[settings.reply_to] if settings.reply_to else [],
        # Receivers that get it twice show it once.
        headers={"Message-ID": f"<{letter.uid}@clientele>"},
    )


def facts_of(statement: Statement, settings: LetterSettings) -> dict[str, str]:
    """Return what the placeholders of a text stand for."""
    store = statement.store
    return {
        "customer": str(statement.customer),
        "store": store.name,
        "balance": store_amount(statement.closing, store),
        "overdue": store_amount(statement.overdue, store),
        "first": long_day(statement.period.first),
        "last": long_day(statement.period.last),
        "days": str(max((charge.days_overdue for charge in statement.open_charges), default=0)),
        "orders": "\n".join(lines_of_orders(statement.open_charges, store)),
        "how_to_pay": settings.how_to_pay,
    }


def lines_of_orders(charges: list[OpenCharge], store: Store) -> Iterator[str]:
    for charge in charges:
        late = f", {charge.days_overdue} days overdue" if charge.days_overdue else ""
        amount = store_amount(charge.open_amount, store)
        yield f"{charge.title}: {amount}, due on {long_day(charge.due_on)}{late}"
