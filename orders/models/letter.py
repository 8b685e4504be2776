from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers.models.money import money
from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class Level(models.IntegerChoices):
    """What a letter is: a statement, or one of the reminders that follow each other."""

    STATEMENT = 0
    FIRST = 1, "First reminder"
    SECOND = 2, "Second reminder"
    THIRD = 3, "Third reminder"


class LetterState(models.TextChoices):
    WAITING = "waiting", "Waits for the worker"
    SENDING = "sending", "Being sent"
    SENT = "sent"
    FAILED = "failed", "Not sent"
    DROPPED = "dropped", "Not needed any more"


class Letter(TenantModel):
    """A statement or reminder that goes to a customer by e-mail, and what became of it."""

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="letters"
    )
    uid = models.UUIDField(default=new_uid, editable=False)
    level = models.PositiveSmallIntegerField("kind", choices=Level.choices)
    address = models.CharField("sent to", max_length=254)
    copy_to = models.CharField(max_length=254, blank=True)
    first_day = models.DateField("from", null=True, help_text="Of a statement.")
    last_day = models.DateField("to", null=True, help_text="Of a statement.")
    overdue_since = models.DateField(
        null=True, help_text="Of a reminder: the first due day that had passed."
    )
    amount = money(null=True, help_text="What it asked for, once it is sent.")
    state = models.CharField(max_length=7, choices=LetterState.choices, default=LetterState.WAITING)
    error = models.CharField("why not", max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(
        default=timezone.now, help_text="The next attempt, or when the present one is given up."
    )
    actor_name = models.CharField("by", max_length=250)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="letter_uid_once"),
            models.UniqueConstraint(
                fields=["store", "customer", "level", "overdue_since"],
                name="letter_reminder_once",
                condition=Q(level__gt=0) & ~Q(state__in=("failed", "dropped")),
            ),
        ]
        indexes = [
            models.Index(fields=["store", "customer", "-id"], name="letters_of_customer"),
            models.Index(
                fields=["due_at", "id"],
                name="letters_to_send",
                condition=Q(state__in=("waiting", "sending")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} for {self.customer}"
