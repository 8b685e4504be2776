"""Every page of the back office under axe-core: no violation, in both themes, wide and on a phone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import axe_playwright_python
import pytest
from django.contrib import admin
from playwright.sync_api import Page

from orders.services.credit_checks import check_credit
from orders.services.paying import pay_order
from stores.actors import SYSTEM
from stores.models import Store
from tests.browser.conftest import Enter
from tests.factories import AddressFields, ApiKeyFactory, CustomerFactory, OrderFactory

pytestmark = pytest.mark.django_db(transaction=True)

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN = """axe.run().then(result => result.violations.map(
    rule => `${rule.id} (${rule.impact}): ${rule.nodes[0].target.join(" ")}`))"""


def violations(page: Page, path: str) -> list[str]:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN)
    return [f"{path}: {text}" for text in found]


@pytest.fixture
def paths(store: Store, groups: None) -> list[str]:
    """Return every list of the back office, the page of a row of each, and the forms that add one."""
    customer = CustomerFactory(
        store=store,
        name="Ann Lee",
        tags=["VIP"],
        addresses=[AddressFields(label="Shop")],
        contacts=[{"name": "Bo", "phone": "02 9000 1234"}],
        is_account_enabled=True,
        credit_limit=Decimal(10),
        notes="Rings twice.",
    )
    order = OrderFactory(customer=customer)
    pay_order(order.as_queryset(), SYSTEM, order.total, "card")
    check_credit(customer.as_queryset(), SYSTEM)
    ApiKeyFactory(store=store)
    paths = ["/admin/", "/admin/password_change/"]
    for model, model_admin in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        paths.append(base)
        row = model._default_manager.order_by("pk").first()
        if row is not None:
            paths.append(f"{base}{row.pk}/change/")
        if type(model_admin).has_add_permission is admin.ModelAdmin.has_add_permission:
            paths.append(f"{base}add/")
    change = f"/admin/customers/customer/{customer.pk}/"
    paths += [f"{change}change/?edit=all", f"{change}change/?edit=addresses"]
    paths += [f"{change}{name}/" for name in ("history", "post", "delete")]
    return [*paths, f"/admin/orders/order/{order.pk}/refund/"]


@pytest.mark.parametrize(
    ("width", "theme"), [(1280, "light"), (390, "dark")], ids=["desktop-light", "phone-dark"]
)
def test_axe_finds_nothing(enter: Enter, paths: list[str], width: int, theme: str) -> None:
    page = enter(color_scheme=theme, viewport={"width": width, "height": 844})
    assert [text for path in paths for text in violations(page, path)] == []


def test_axe_finds_nothing_where_people_sign_in(enter: Enter, store: Store) -> None:
    page = enter("Clerk", store)
    page.context.clear_cookies()
    assert violations(page, "/admin/login/") == []
