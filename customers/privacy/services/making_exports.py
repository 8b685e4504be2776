"""Make the files that staff requested, in the worker."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from customers.models import Customer
from customers.privacy.models import DataExport
from customers.privacy.models.data_export import exports_encryptor
from customers.privacy.services.dossier import dossier_of
from customers.privacy.services.dossier_files import zip_of


def make_waiting() -> int:
    """Make the files that wait, and return their number. Several workers make different ones."""
    made = 0
    for store_id in waiting_stores():
        while make_one(store_id):
            made += 1
    return made


def waiting_stores() -> list[int]:
    rows = DataExport.objects.filter(made_at=None).order_by().values_list("store_id", flat=True)
    return sorted(set(rows))


def make_one(store_id: int) -> bool:
    with transaction.atomic():
        waiting = DataExport.objects.filter(store=store_id, made_at=None).order_by("id")
        # The lock is the lease: it ends with the worker.
        export = waiting.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
        if export is None:
            return False
        customers = Customer.objects.filter(store=store_id, pk=export.customer_id)
        customer = customers.select_related("store").get()
        sections = dossier_of(customer, with_contacts=export.has_contacts)
        export.file = exports_encryptor.encrypt(zip_of(customer, sections))
        export.made_at = timezone.now()
        export.save()
    return True
