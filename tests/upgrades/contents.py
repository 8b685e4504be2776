"""Write the rows of the upgrade test through the APIs and the back office of a release.

Each call comes a minute after the one before. Ids and times are the same in each run; only encrypted
values, secrets, lease tokens and durations are not.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_httpserver import HTTPServer
from time_machine import Traveller

from customers.dialects.storefront.webhooks.representations import body_of
from customers.models import Customer, Depot
from stores.models import ApiKey, Store
from stores.webhooks.worker import Worker
from tests.admin.pages import open_page, save, send
from tests.upgrades.author import MINUTE, STORE, Author
from tests.upgrades.client import StoreClient

HOME = {
    "firstName": "Jane",
    "lastName": "Doe",
    "company": "Doe & Co",
    "address1": "100 Collins Street",
    "address2": "Level 4",
    "city": "Melbourne",
    "region": "VIC",
    "postalCode": "3000",
    "country": "AU",
    "phone": "+61 3 9876 5432",
}
OFFICE = HOME | {"address1": "1 George Street", "city": "Sydney", "region": "NSW"}
PORTAL_ADDRESS = {
    "street": ["7 King Street", "Back door"],
    "suburb": "Newtown",
    "state": "NSW",
    "postcode": "2042",
    "country": "Australia",
}


def write_book(clock: Traveller, receiver: HTTPServer) -> dict[str, Any]:
    """Write all rows, and return the facts that the test needs."""
    bakery = open_store(clock, "Harbour Bakery", "AUD", "Australia/Sydney")
    kitchens = open_store(clock, "Hill Kitchens", "USD", "America/New_York")
    hooks = [(author, open_webhooks(author, receiver)) for author in (bakery, kitchens)]
    for author, paths in hooks:
        write_customers(author)
        switch_off(author, paths.pop("unwanted"))
    Worker(body_of).drain()
    for author, paths in hooks:
        move_to_public_urls(author, paths)
        write_orders(author)
        write_deletions(author)
    write_staff(clock)
    stores = [bakery.facts(), kitchens.facts()]
    return {"written_at": timezone.now().isoformat(), "stores": stores}


def open_store(clock: Traveller, name: str, currency: str, zone: str) -> Author:
    store = Store.objects.create(name=name, country="AU", currency=currency, timezone=zone)
    Depot.objects.create(store=store, name="East")
    _, text = ApiKey.issue(store=store, name=f"All systems of {name}")
    return Author(StoreClient(str(store.uid), text), clock)


# --- webhooks: the first deliveries succeed, fail or are cancelled, all later ones stay pending


def open_webhooks(author: Author, receiver: HTTPServer) -> dict[str, str]:
    """Create endpoints, and return their paths by the outcome of their first deliveries."""
    events = {"accepted": ["*"], "refused": ["customer.*", "order.created"], "unwanted": ["*"]}
    paths = {}
    for name, wanted in events.items():
        body = {"url": receiver.url_for(f"/{name}"), "events": wanted, "description": name}
        hook = author.send("POST", f"{STORE}/webhooks", body)["item"]
        paths[name] = f"{STORE}/webhooks/{hook['id']}"
    author.send("POST", f"{paths['accepted']}/rotate-secret")
    return paths


def switch_off(author: Author, hook: str) -> None:
    author.send("PATCH", hook, {"isActive": False})


def move_to_public_urls(author: Author, hooks: dict[str, str]) -> None:
    """Give the endpoints fixed URLs, because the receiver's port varies and is closed."""
    for name, hook in hooks.items():
        author.send("PATCH", hook, {"url": f"https://hooks.example.com/{name}"})


# --- customers with the fields that only one dialect can write


def write_customers(author: Author) -> None:
    write_bakery_customer(author)
    write_portal_customer(author, f"portal-{author.client.store[-4:]}@example.com")
    write_erp_customer(author)
    write_till_customer(author)
    customer = author.customer(
        email="jane@example.com", name="Jane Doe", marketingOptIn=True, addresses=[HOME, OFFICE]
    )
    author.send("PUT", f"{STORE}/customers/{customer}", {"marketingOptIn": False})
    author.customer(email="nobody@example.com")


def write_bakery_customer(author: Author) -> None:
    body = {
        "first_name": "Émilie",
        "last_name": "O’Brien",
        "contact": {"email": "emilie@example.com", "phone": "0398765432", "mobile": "0412345678"},
        "address": "100 Collins Street, Melbourne VIC 3000, Australia",
        "company": "TechCorp",
        "tags": ["corporate", "VIP"],
        "external_id": "crm-1",
    }
    path = f"/api/v1/customers/{author.post('/api/v1/customers', body)['data']['id']}"
    author.send("PATCH", path, {"address": "Nowhere at all", "is_blacklisted": True})
    author.send("PATCH", path, {"tags": ["VIP"], "is_blacklisted": False})


def write_portal_customer(author: Author, email: str) -> int:
    """Create a customer whose e-mail logs in to the portal: unique over all stores. Return its id."""
    body = {
        "name": "John Doe Kitchens",
        "email": email,
        "phone": "52 1234 1234",
        "cc_email": "office@example.com",
        "contact_address": PORTAL_ADDRESS,
        "delivery_address": [PORTAL_ADDRESS | {"name": "Yard", "external_id": "y-1"}],
        "minimum_charge_amount": "30.50",
        "default_depot_id": Depot.objects.get(store__uid=author.client.store).pk,
        "settings": {"is_beta": True},
        "customer_labels": ["trade"],
    }
    customer = author.post("/api/admin/customers", body)["customer"]["id"]
    author.send("PUT", f"/api/admin/customers/{customer}", {"price_adjustment": -2.5})
    return customer


def write_erp_customer(author: Author) -> None:
    body = {
        "name": "Corner Shops Ltd",
        "email": "accounts@example.com",
        "fax": "+61 3 9876 0000",
        "website": "https://example.com",
        "tax_id": "ABN 1",
        "billing_address": {"line1": "1 Bill Street", "city": "Perth", "country": "Australia"},
        "payment_terms": "net_30",
        "credit_limit": 500,
        "discount_rate": 2.5,
        "notes": "Rings twice",
        "contacts": [
            {"name": "Ann Lee", "title": "Buyer", "email": "ann@example.com", "is_primary": True},
            {"name": "Bob", "phone": "0398765432"},
        ],
    }
    customer = f"/api/customers/{author.post('/api/customers', body)['data']['id']}"
    contact = author.post(f"{customer}/contacts", {"name": "Cy", "is_primary": True})["data"]
    author.send("PUT", f"{customer}/contacts/{contact['id']}", {"title": "Owner"})
    author.send("DELETE", f"{customer}/contacts/{contact['id']}")
    author.post(f"{customer}/credit-check")


def write_till_customer(author: Author) -> None:
    zone = author.post("/delivery_zones", {"name": "North", "reference": "n"})["data"]["id"]
    tag = author.post("/tags", {"name": "Regular"})["data"]["id"]
    body = {
        "name": "Simona",
        "dial_code": 61,
        "phone": "412345678",
        "gender": 2,
        "birth_date": "1986-09-17",
        "is_loyalty_enabled": True,
        "is_house_account_enabled": True,
        "house_account_limit": 80,
        "tags": [{"id": tag}],
    }
    customer = author.post("/customers", body)["data"]["id"]
    place = {"customer_id": customer, "name": "Home", "description": "12 Hill Road"}
    place |= {"latitude": -33.8688197, "longitude": 151.2092955, "delivery_zone_id": zone}
    author.post("/addresses", place)
    author.send("PUT", f"/delivery_zones/{zone}", {"name": "Far north"})
    author.send("PUT", f"/tags/{tag}", {"name": "Regulars"})
    author.post("/loyalty_transactions", {"customer_id": customer, "amount": 20, "notes": "Hi"})
    author.post("/loyalty_transactions", {"customer_id": customer, "amount": -5})
    author.post("/house_account_transactions", {"customer_id": customer, "amount": 30})
    author.post("/house_account_transactions", {"customer_id": customer, "amount": -12.5})


# --- orders, one for each course of an order


def write_orders(author: Author) -> None:
    customer = author.customer(email="orders@example.com", name="Olga", addresses=[HOME, OFFICE])
    author.order(customer, externalId="web-1", shippingAmount="5.00", taxAmount="1.10")
    sent = author.order(customer)
    author.pay(sent, "25.50")
    for status in ("confirmed", "processing", "shipped", "delivered"):
        author.send("PATCH", sent, {"status": status, "merchantNote": f"Now {status}"})
    author.pay(author.order(customer, discountAmount="1.00"), "10.00", "cash")
    author.send("PATCH", author.order(customer), {"status": "cancelled"})
    for amount in ("5.25", None):
        refunded = author.order(customer)
        author.pay(refunded, "25.50")
        author.post(f"{refunded}/refund", {"amount": amount, "reason": "Stale"})
    author.order(author.customer(email="no-address@example.com"))
    write_orders_on_account(author)


def write_orders_on_account(author: Author) -> None:
    body = {"name": "Owes Ltd", "email": "owes@example.com", "credit_limit": 200}
    author.post("/api/customers", body | {"payment_terms": "net_14"})
    customer = author.find_customer("owes@example.com")
    author.order(customer, onAccount=True)
    author.pay(author.order(customer, onAccount=True), "20.00")
    author.pay(author.order(customer), "25.50", "on_account")
    author.send("PATCH", author.order(customer, onAccount=True), {"status": "cancelled"})


# --- deleted customers, restorable and withdrawn


def write_deletions(author: Author) -> None:
    body = {"name": "Rita", "dial_code": 61, "phone": "412345679"}
    for phone, is_restored in (("412345670", True), ("412345671", False)):
        customer = author.post("/customers", body | {"phone": phone})["data"]["id"]
        author.send("DELETE", f"/customers/{customer}")
        if is_restored:
            author.send("PUT", f"/customers/{customer}/restore")
    write_deletion_with_orders(author)


def write_deletion_with_orders(author: Author) -> None:
    """Only manufacturing deletes a customer's orders too."""
    email = f"leaver-{author.client.store[-4:]}@example.com"
    customer = write_portal_customer(author, email)
    author.pay(author.order(author.find_customer(email)), "25.50")
    author.send("DELETE", f"/api/admin/customers/{customer}")


# --- staff


def write_staff(clock: Traveller) -> None:
    """Create staff of each group, and let one of them work in the back office."""
    for group in Group.objects.order_by("name"):
        person = User.objects.create(
            username=group.name.lower(), is_staff=True, password=make_password("secret", "salt")
        )
        person.groups.add(group)
        person.stores.set(Store.objects.all()[:1])
    owner = User.objects.create(
        username="owner", is_staff=True, is_superuser=True, password=make_password("secret", "salt")
    )
    browser = Client()
    browser.force_login(owner, "django.contrib.auth.backends.ModelBackend")
    clock.shift(MINUTE)
    customer = Customer.objects.get(email="owes@example.com", store=Store.objects.earliest("pk"))
    save(browser, open_page(browser, "customers_customer", customer.pk), notes="Pays late")
    posting = reverse("admin:customers_customer_post", args=[customer.pk])
    send(browser, browser.get(posting), what="settle", amount="5", reason="Cash")
    browser.logout()
