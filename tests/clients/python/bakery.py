from bakery_api import AuthenticatedClient
from bakery_api.api.customer import (
    create_customer,
    geocode_customer,
    list_customer,
    partial_update_customer,
    retrieve_customer,
)
from bakery_api.models import (
    ContactInput,
    CustomerAnswer,
    CustomerChange,
    CustomerPage,
    GeocodeAnswer,
    NewCustomer,
    NewGeocode,
)
from checks import BASE_URL, KEY, ok, refused

client = AuthenticatedClient(BASE_URL, KEY)

body = NewCustomer(
    first_name="Emma",
    contact=ContactInput(email="emma@python.example"),
    address="100 Collins Street, Melbourne VIC 3000, Australia",
    external_id="crm-7",
)
reply = create_customer.sync_detailed(client=client, body=body, idempotency_key="emma-1")
customer = ok(reply, CustomerAnswer, 201).data
assert customer.address is not None
assert customer.address.city == "Melbourne"

page = ok(list_customer.sync_detailed(client=client, external_id="crm-7"), CustomerPage)
assert [row.id for row in page.data] == [customer.id]
assert ok(list_customer.sync_detailed(client=client, external_id="crm-8"), CustomerPage).data == []

read = retrieve_customer.sync_detailed(customer.id, client=client)
customer = ok(read, CustomerAnswer).data
tag = read.headers["ETag"]
# what was read is sent back as it is, and with a change
whole = CustomerChange.from_dict(customer.to_dict())
same = partial_update_customer.sync_detailed(customer.id, client=client, body=whole)
assert ok(same, CustomerAnswer).data == customer
whole.company = "TechCorp"
changed = partial_update_customer.sync_detailed(
    customer.id, client=client, body=whole, if_match=tag
)
assert ok(changed, CustomerAnswer).data.company == "TechCorp"
refused(
    partial_update_customer.sync_detailed(customer.id, client=client, body=whole, if_match=tag), 412
)
placed = geocode_customer.sync_detailed(customer.id, client=client, body=NewGeocode())
assert isinstance(ok(placed, GeocodeAnswer).address.latitude, float)
