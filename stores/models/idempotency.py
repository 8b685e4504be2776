from __future__ import annotations

from datetime import timedelta

from django.db import models

from stores.encryption import FieldEncryptor

LIFETIME = timedelta(hours=72)

# Answers contain personal data, and secrets that are shown once.
answers_encryptor = FieldEncryptor(b"clientele answers")


class IdempotentRequest(models.Model):
    """The first answer to a POST with an Idempotency-Key, kept for retries.

    It is written in the transaction of the effect, so a crash leaves neither. Only successes are kept.
    """

    api_key = models.ForeignKey("stores.ApiKey", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, path and body.")
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"", help_text="Encrypted.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["api_key", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key
