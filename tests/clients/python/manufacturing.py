from checks import BASE_URL, KEY, ok, refused
from manufacturing_api import AuthenticatedClient
from manufacturing_api.api.customer import (
    create_customer,
    destroy_customer,
    list_customer,
    retrieve_customer,
    update_customer,
)
from manufacturing_api.models import (
    AddressInput,
    CustomerAnswer,
    CustomerChange,
    CustomerPage,
    Done,
    NewCustomer,
)

client = AuthenticatedClient(BASE_URL, KEY, prefix="", auth_header_name="X-GC-API-KEY")

body = NewCustomer(
    name="John Doe Kitchens",
    email="john@python.example",
    phone="52 1234 1234",
    contact_address=AddressInput(street=["42 George Street"], suburb="Sydney", state="NSW"),
    external_id="erp-12",
)
customer = ok(create_customer.sync_detailed(client=client, body=body), CustomerAnswer).customer
one = str(customer.id)
read = retrieve_customer.sync_detailed(one, client=client)
customer = ok(read, CustomerAnswer).customer
tag = read.headers["ETag"]
whole = CustomerChange.from_dict(customer.to_dict())
same = ok(update_customer.sync_detailed(one, client=client, body=whole), CustomerAnswer)
assert same.customer == customer
whole.minimum_charge_amount = 12.5
changed = update_customer.sync_detailed(one, client=client, body=whole, if_match=tag)
assert ok(changed, CustomerAnswer).customer.minimum_charge_amount == 12.5
refused(update_customer.sync_detailed(one, client=client, body=whole, if_match=tag), 412)

page = ok(list_customer.sync_detailed(client=client, filterexternal_id="erp-12"), CustomerPage)
assert [item.id for item in page.items] == [customer.id]
page = ok(list_customer.sync_detailed(client=client, filternamelike="John%"), CustomerPage)
assert page.pagination.total_count == 1
page = ok(list_customer.sync_detailed(client=client, filterexternal_id="erp-13"), CustomerPage)
assert page.items == []
assert ok(destroy_customer.sync_detailed(one, client=client), Done).success == 1
refused(retrieve_customer.sync_detailed(one, client=client), 404)
