"""Files with everything about a customer: requested by staff and downloaded once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from customers.models.customer_queryset import CustomerQuerySet
from customers.privacy.models import DataExport
from customers.privacy.models.data_export import LIFETIME, exports_encryptor
from customers.privacy.services.history import note_step
from customers.services.editing import editing
from stores.actors import Actor
from stores.errors import Conflict, NotFound
from stores.models.base import TenantQuerySet

STEP = "data_export"


def request_export(
    target: CustomerQuerySet, actor: Actor, *, with_contacts: bool = False
) -> DataExport:
    """Ask the worker for a file about the customer that `target` names. Raises NotFound."""
    with editing(target, actor) as edit:
        export = DataExport.objects.create(
            store_id=edit.customer.store_id,
            customer=edit.customer,
            has_contacts=with_contacts,
            actor_name=actor.name,
        )
        note_step(edit, STEP)
    return export


def download(target: TenantQuerySet[DataExport]) -> bytes:
    """Return the ZIP file and delete it here. Raises NotFound, and Conflict `export_not_there`."""
    # The lock lets only one of two downloads at the same moment have it.
    with transaction.atomic():
        export = target.of_one_store().select_for_update(of=("self",), no_key=True).first()
        if export is None:
            raise NotFound
        if export.file is None or export.is_expired:
            raise Conflict("export_not_there")
        content = exports_encryptor.decrypt(export.file)
        export.file, export.downloaded_at = None, timezone.now()
        export.save()
    return content


def delete_expired_files() -> None:
    """Delete files that nobody downloaded in time."""
    old = DataExport.objects.filter(created_at__lte=timezone.now() - LIFETIME, file__isnull=False)
    for store_id in set(old.order_by().values_list("store_id", flat=True)):
        old.filter(store=store_id).update(file=None)
