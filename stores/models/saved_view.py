from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class SavedView(models.Model):
    """Filters, columns and order of a list, under a name: of one person, or shared with a store.

    Without a name it holds the columns that a person chose for the list at large. Views of removed people stay:
    the shared ones for their store, the others unseen.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, null=True, related_name="+")
    list_name = models.CharField(max_length=60, help_text="Such as customers_customer.")
    name = models.CharField(max_length=60, blank=True)
    filters = models.JSONField(default=dict, help_text="Parameters of the URL and their values.")
    order = models.JSONField(default=list, help_text="Columns, with a minus before falling ones.")
    columns = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_name"], name="own_columns_once", condition=Q(name="")
            ),
            models.CheckConstraint(
                condition=~Q(name="") | Q(store=None), name="shared_view_has_name"
            ),
        ]
        indexes = [models.Index(fields=["list_name", "store"], name="view_of_list")]

    def __str__(self) -> str:
        return self.name
