"""A customer with a marker in each field of a person that a door can write."""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from customers.api.auth import keys
from customers.merging.services.merging import merge_customers
from customers.models import Customer
from stores.actors import SYSTEM
from stores.models import ApiKey, Store
from tests.admin.pages import act, open_page, save, send
from tests.upgrades.client import StoreClient

MARKER = "zebrabaum"
PHONE_DIGITS = "412777833"
BIRTHDAY = "1937-03-11"
LATITUDE = "-33.7654321"
# All that must not be found anywhere after the erasure.
NEEDLES = (MARKER, PHONE_DIGITS, BIRTHDAY, LATITUDE)
EMAIL = f"{MARKER}@example.com"
PAGE = "customers_customer"


def marked(field: str) -> str:
    return f"Zebrabaum {field}"


class Doors:
    """The API with a key of one store, and the back office as its owner."""

    def __init__(self, store: Store, email: str = EMAIL) -> None:
        keys.forget()
        self.store, self.email = store, email
        self.client = StoreClient(str(store.uid), ApiKey.issue(store=store, name="all")[1])
        self.staff = Client()
        user, _ = User.objects.get_or_create(
            username="owner", defaults={"is_staff": True, "is_superuser": True}
        )
        self.staff.force_login(user, "django.contrib.auth.backends.ModelBackend")
        self.numbers = itertools.count(1)

    def post(self, path: str, body: Any = None) -> Any:
        """Send a POST whose answer is kept for retries."""
        return self.client.ok("POST", path, body, **{"Idempotency-Key": f"k{next(self.numbers)}"})

    def put(self, path: str, body: Any) -> Any:
        return self.client.ok("PUT", path, body)

    def write_person(self) -> Customer:
        """Write the person through every door, and return it with everything paid and delivered."""
        self.create_in_portal()
        customer = Customer.objects.get(store=self.store, email_key=self.email)
        self.write_in_shop(customer)
        self.write_in_erp(customer)
        self.write_at_till(customer)
        self.write_in_bakery(customer)
        self.write_in_back_office(customer)
        self.write_orders(customer)
        customer.refresh_from_db()
        return customer

    def create_in_portal(self) -> None:
        address = {
            "street": [marked("level"), marked("street")],
            "suburb": marked("suburb"),
            "state": "VIC",
            "postcode": "3zebrabaum",
            "country": "Australia",
        }
        delivery = address | {"name": marked("yard"), "external_id": marked("yard id")}
        body = {
            "name": marked("portal"),
            "email": self.email,
            "phone": f"+61 {PHONE_DIGITS}",
            "mobile": f"+61 {PHONE_DIGITS}",
            "cc_email": f"copy.{self.email}",
            "contact_address": address,
            "delivery_address": [delivery],
            "external_id": marked("external id"),
        }
        self.post("/api/admin/customers", body)

    def write_in_shop(self, customer: Customer) -> None:
        address = {
            "firstName": marked("first"),
            "lastName": marked("last"),
            "company": marked("company"),
            "address1": marked("street"),
            "address2": marked("unit"),
            "city": marked("city"),
            "region": marked("region"),
            "postalCode": marked("post"),
            "country": marked("country"),
            "phone": f"+61 {PHONE_DIGITS}",
        }
        path = f"/stores/{{store}}/customers/{customer.uid}"
        self.put(path, {"name": marked("shop"), "marketingOptIn": True, "addresses": [address]})

    def write_in_erp(self, customer: Customer) -> None:
        address = {name: marked(name) for name in ("line1", "line2", "city", "state", "country")}
        path = f"/api/customers/cust_{customer.uid.hex}"
        body = {
            "fax": f"+61 {PHONE_DIGITS}",
            "website": f"https://{MARKER}.example.com",
            "tax_id": marked("tax"),
            "billing_address": address | {"postal_code": marked("post")},
            "preferred_shipping": marked("carrier"),
            "notes": marked("notes"),
        }
        self.put(path, body)
        contact = {"name": marked("contact"), "title": marked("title")}
        contact |= {"email": f"contact.{self.email}", "phone": f"+61 {PHONE_DIGITS}"}
        self.post(f"{path}/contacts", contact)
        self.post(f"{path}/credit-check")

    def write_at_till(self, customer: Customer) -> None:
        found = self.client.ok("GET", f"/customers?filter[email]={self.email}")["data"][0]
        body = {"gender": 2, "birth_date": BIRTHDAY, "is_house_account_enabled": True}
        self.put(f"/customers/{found['id']}", body | {"is_loyalty_enabled": True})
        place = {"name": marked("label"), "description": marked("road")}
        place |= {"latitude": float(LATITUDE), "longitude": 151.5}
        self.post("/addresses", place | {"customer_id": found["id"]})
        for ledger in ("loyalty_transactions", "house_account_transactions"):
            for amount in (10, -10):
                entry = {"customer_id": found["id"], "amount": amount, "notes": marked("posting")}
                self.post(f"/{ledger}", entry)

    def write_in_bakery(self, customer: Customer) -> None:
        found = self.client.ok("GET", "/api/v1/customers?search=zebrabaum")["data"][0]
        body = {"first_name": marked("first"), "last_name": marked("last")}
        body |= {"company": marked("company"), "tags": ["regular"]}
        path = f"/api/v1/customers/{found['id']}"
        self.client.ok("PATCH", path, body | {"is_blacklisted": True})

    def write_in_back_office(self, customer: Customer) -> None:
        page = open_page(self.staff, PAGE, customer.pk)
        reasons = {"blacklist_reason": marked("reason"), "hold_reason": marked("hold")}
        save(self.staff, page, notes=marked("staff's notes"), **reasons)
        for what in ("settle", "charge"):
            url = reverse("admin:customers_customer_post", args=[customer.pk])
            send(self.staff, self.staff.get(url), what=what, amount="5", reason=marked("paid"))
        self.write_off(customer)
        url = reverse("admin:customers_customer_privacy-request", args=[customer.pk])
        request = {"kind": "access", "received_on": "2026-01-31", "note": marked("request")}
        send(self.staff, self.staff.get(url), **request)
        row = customer.privacy_requests.get()
        url = reverse("admin:privacy_privacyrequest_extend", args=[row.pk])
        send(self.staff, self.staff.get(url), reason=marked("reason"))
        url = reverse("admin:customers_customer_note", args=[customer.pk])
        send(self.staff, self.staff.get(url), text=marked("note"))
        url = reverse("admin:customers_customer_add-consent", args=[customer.pk])
        send(self.staff, self.staff.get(url), channel="email", state="yes", note=marked("form"))
        url = reverse("admin:customers_customer_send-statement", args=[customer.pk])
        self.staff.post(f"{url}?first=2026-01-01&last=2026-01-31")
        page = open_page(self.staff, PAGE, customer.pk)
        save(self.staff, page, is_blacklisted=None)
        for action in ("suspend", "activate"):
            act(self.staff, action, customer)

    def write_off(self, customer: Customer) -> None:
        """Owe something that is then written off."""
        steps = (
            ("post", {"what": "charge", "amount": "7", "reason": marked("charge")}),
            ("write-off", {"amount": "7", "reason": marked("insolvency")}),
        )
        for name, fields in steps:
            url = reverse(f"admin:customers_customer_{name}", args=[customer.pk])
            send(self.staff, self.staff.get(url), **fields)

    def merge_twin(self, customer: Customer) -> None:
        """Merge a second customer into the first, as the portal made it for the same person."""
        address = {"street": [marked("home")], "suburb": marked("suburb"), "state": "VIC"}
        address |= {"postcode": "3zebrabaum", "country": "Australia"}
        home = address | {"name": marked("home"), "external_id": marked("home id")}
        body = {"name": marked("twin"), "email": f"twin.{self.email}"}
        body |= {"phone": f"+61 {PHONE_DIGITS}"}
        body |= {"contact_address": address, "delivery_address": [home]}
        self.post("/api/admin/customers", body)
        twin = Customer.objects.get(store=self.store, email_key=f"twin.{self.email}")
        merge_customers(customer.as_queryset(), twin.as_queryset(), SYSTEM)

    def write_orders(self, customer: Customer) -> None:
        line = {"productId": "p1", "productName": "Chair", "quantity": 2, "unitPrice": "10.00"}
        body = {"customerId": str(customer.uid), "items": [line]}
        order = self.post("/stores/{store}/orders", body)["item"]
        path = f"/stores/{{store}}/orders/{order['id']}"
        self.post(f"{path}/payments", {"amount": "20.00", "method": "card"})
        for status in ("confirmed", "processing", "shipped", "delivered"):
            change = {"status": status, "merchantNote": marked(status)}
            self.client.ok("PATCH", path, change)
        self.post(f"{path}/refund", {"amount": "5.00", "reason": marked("refund")})
