"""Every page of the back office under axe-core: no violation, in both themes, wide and on a phone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import axe_playwright_python
import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.utils import timezone
from playwright.sync_api import Page

from customers.imports.models import ImportJob, State
from customers.imports.services.jobs import start
from customers.imports.services.working import work
from customers.merging.models import Merge
from customers.models import Customer, DeliveryZone, Depot, Tag
from customers.privacy.models import Erasure, ErasureReceipt, PrivacyRequest, RetentionRule
from orders.models import LetterSettings, LetterText, Order, PaymentMethod
from orders.services.credit_checks import check_credit
from orders.services.paying import pay_order, refund_order
from stores.actors import SYSTEM
from stores.models import ApiKey, Store, WebhookEndpoint
from tests.admin.rows import ROWS, import_job
from tests.browser.conftest import Enter
from tests.factories import AddressFields, CustomerFactory, OrderFactory

pytestmark = pytest.mark.django_db(transaction=True)

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN = """axe.run().then(result => result.violations.map(
    rule => `${rule.id} (${rule.impact}): ${rule.nodes[0].target.join(" ")}`))"""


def violations(page: Page, path: str) -> list[str]:
    page.goto(path)
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN)
    return [f"{path}: {text}" for text in found]


# The pages of one row, beside its own.
PAGES: dict[type[Model], tuple[str, ...]] = {
    AccessAttempt: ("delete/",),
    ApiKey: ("revoke/",),
    Customer: (
        *("change/?edit=all", "change/?edit=addresses", "history/", "delete/", "post/"),
        *("settle/", "void/", "consent/", "add-consent/", "privacy/", "privacy-request/"),
        *("export-data/", "erase/", "note/", "statement/", "write-off/", "lift/?kind=restrict"),
    ),
    DeliveryZone: ("delete/",),
    Depot: ("delete/",),
    Group: ("delete/",),
    ImportJob: ("columns/", "cancel/"),
    LetterSettings: ("delete/",),
    LetterText: ("delete/",),
    Order: ("change/?edit=note", "cancel/", "pay/", "refund/", "void/", "credit/"),
    PaymentMethod: ("delete/",),
    Merge: ("apart/",),
    Tag: ("delete/", "history/"),
    User: ("delete/", "history/", "password/", "reset-factor/", "sign-out/"),
    WebhookEndpoint: ("rotate/", "test/", "redeliver/", "delete/"),
    PrivacyRequest: ("extend/", "close/"),
    Erasure: ("certificate/",),
    RetentionRule: ("edit/",),
    ErasureReceipt: ("confirm/",),
}


OWN_PAGES = (
    *("/admin/second-factor/", "/admin/sessions/", "/admin/auth/group/table/"),
    *("/admin/search/?q=lee", "/admin/move-in/", "/admin/password_change/done/"),
    *("/admin/orders/letter/send-statements/", "/admin/orders/letter/send-reminders/"),
    *("/admin/privacy/retentionrule/add/",),
)
SIGNED_OUT_PAGES = (
    *("/admin/login/", "/admin/password_reset/", "/admin/password_reset/done/"),
    *("/admin/reset/x/y/", "/admin/reset/done/"),
)


def full_customer(store: Store) -> Customer:
    customer: Customer = CustomerFactory(
        store=store,
        name="Ann Lee",
        tags=["Key customer"],
        addresses=[AddressFields(label="Shop")],
        contacts=[{"name": "Bo", "phone": "02 9000 1234"}],
        is_account_enabled=True,
        credit_limit=Decimal(10),
        notes="Rings twice.",
    )
    check_credit(customer.as_queryset(), SYSTEM)
    Customer.objects.filter(pk=customer.pk).update(restricted_at=timezone.now())
    return customer


def paths(store: Store) -> list[str]:
    """Return every list of the back office, the pages of a row of each, and the forms that add one."""
    customer = full_customer(store)
    order = OrderFactory(customer=customer)
    pay_order(order.as_queryset(), SYSTEM, order.total, "card")
    refund_order(order.as_queryset(), SYSTEM, Decimal(1))
    full_rows = {Customer: customer, Order: order}
    found = ["/admin/", "/admin/password_change/", "/admin/imports/importjob/add/", *OWN_PAGES]
    found += [f"/admin/as/{name}/{customer.pk}/" for name, _ in admin.site.dialects]
    found += import_pages(store)
    other = CustomerFactory(store=store, name="Anne Lee")
    merge = f"/admin/merging/merge/new/?keep={customer.pk}"
    found += [merge, f"{merge}&away={other.pk}"]
    found += [f"/admin/orders/report/of/{name}/" for name in ("ageing", "turnover", "write-offs")]
    number = order.credit_notes.get().number
    found.append(f"/admin/orders/order/{order.pk}/credit-note/?number={number}")
    for model, model_admin in admin.site._registry.items():
        row = full_rows.get(model) or ROWS[model](store)
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        found += [base, *(f"{base}{row.pk}/{page}" for page in ("change/", *PAGES.get(model, ())))]
        if type(model_admin).has_add_permission is admin.ModelAdmin.has_add_permission:
            found.append(f"{base}add/")
    return found


def import_pages(store: Store) -> list[str]:
    """Return the pages of an import that was checked, and of one that is done."""
    found = []
    for state, pages in ((State.CHECKED, ("change/",)), (State.DONE, ("change/", "undo/"))):
        job = import_job(store)
        start(job, State.CHECKING)
        work(job)
        ImportJob.objects.filter(pk=job.pk).update(state=state)
        found += [f"/admin/imports/importjob/{job.pk}/{page}" for page in pages]
    return found


@pytest.mark.parametrize(
    ("width", "theme"), [(1280, "light"), (390, "dark")], ids=["desktop-light", "phone-dark"]
)
def test_axe_finds_nothing(enter: Enter, store: Store, width: int, theme: str) -> None:
    page = enter(color_scheme=theme, viewport={"width": width, "height": 844})
    assert [text for path in paths(store) for text in violations(page, path)] == []


def test_axe_finds_nothing_where_people_sign_in(enter: Enter, store: Store) -> None:
    page = enter("Clerk", store)
    page.context.clear_cookies()
    for path in SIGNED_OUT_PAGES:
        assert violations(page, path) == []
