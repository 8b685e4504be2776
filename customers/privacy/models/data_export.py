from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stores.encryption import FieldEncryptor
from stores.models.base import TenantModel, new_uid
from stores.models.tenant_keys import TenantForeignKey

LIFETIME = timedelta(days=7)
exports_encryptor = FieldEncryptor(b"clientele data exports")


class DataExport(TenantModel):
    """A file with all personal data of a customer. The worker makes it; it can be downloaded once.

    The file is encrypted. It is deleted by its download, and after seven days.
    """

    uid = models.UUIDField(default=new_uid, editable=False)
    customer = TenantForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="data_exports"
    )
    has_contacts = models.BooleanField(
        "with contacts", default=False, help_text="Contacts of a firm are other people."
    )
    file = models.BinaryField(null=True, editable=False)
    actor_name = models.CharField("requested by", max_length=250)
    created_at = models.DateTimeField("when", default=timezone.now)
    made_at = models.DateTimeField(null=True, editable=False)
    downloaded_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name, verbose_name_plural = "export of personal data", "exports of personal data"
        permissions = [("download_dataexport", "Can download the personal data of customers")]
        constraints = [
            models.UniqueConstraint(fields=["store", "uid"], name="data_export_uid_once")
        ]
        indexes = [
            models.Index(
                fields=["store"], name="data_export_waiting", condition=Q(made_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"Export of {timezone.localdate(self.created_at):%-d %B %Y}"

    @property
    def expires_at(self) -> datetime:
        return self.created_at + LIFETIME

    @property
    def is_expired(self) -> bool:
        """Tell whether the time for the download has passed; the worker may delete the file a little later."""
        return timezone.now() >= self.expires_at

    @property
    def state(self) -> str:
        if self.downloaded_at:
            return "downloaded"
        if self.made_at is None:
            return "being made"
        return "gone" if self.file is None or self.is_expired else "ready"
