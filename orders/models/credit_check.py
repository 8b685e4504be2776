from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

from customers.models.money import money
from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey


class CreditCheck(TenantModel):
    """The result of a credit check, with its inputs. It changes no limit."""

    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="credit_checks"
    )
    uid = models.UUIDField(default=new_uid, editable=False)
    score = models.PositiveSmallIntegerField()
    rating = models.CharField(max_length=10)
    risk = models.CharField(max_length=10)
    current_limit = money(null=True)
    recommended_limit = money()
    factors = models.JSONField(
        encoder=DjangoJSONEncoder, help_text="Each factor with its input and its points."
    )
    actor_name = models.CharField("by", max_length=250)
    created_at = models.DateTimeField("when", default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="credit_check_uid_once"),
            models.CheckConstraint(condition=Q(score__range=(300, 850)), name="credit_score_range"),
        ]
        indexes = [models.Index(fields=["store", "customer"], name="credit_checks_of_customer")]

    def __str__(self) -> str:
        return f"{self.score} ({self.rating})"
