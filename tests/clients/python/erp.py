from checks import BASE_URL, KEY, ok, refused
from erp_api import AuthenticatedClient
from erp_api.api.customer import (
    add_contact_customer,
    analytics_customer,
    create_customer,
    credit_check_customer,
    list_customer,
    orders_customer,
    remove_contact_customer,
    retrieve_customer,
    update_customer,
)
from erp_api.models import (
    AddressInput,
    AnalyticsAnswer,
    ContactAnswer,
    CreditCheckAnswer,
    CustomerAnswer,
    CustomerChange,
    CustomerPage,
    MessageAnswer,
    NewContact,
    NewCustomer,
    OrderPage,
)

client = AuthenticatedClient(BASE_URL, KEY)

body = NewCustomer(
    name="Harbour Supplies",
    email="office@python.example",
    billing_address=AddressInput(line1="1 George Street", city="Sydney", country="AU"),
    credit_limit=1234567.89,
)
customer = ok(create_customer.sync_detailed(client=client, body=body), CustomerAnswer, 201).data
assert customer.credit_limit == 1234567.89

read = retrieve_customer.sync_detailed(customer.id, client=client)
customer = ok(read, CustomerAnswer).data
tag = read.headers["ETag"]
whole = CustomerChange.from_dict(customer.to_dict())
same = ok(update_customer.sync_detailed(customer.id, client=client, body=whole), CustomerAnswer)
assert same.data == customer
whole.discount_rate = 2.5
changed = update_customer.sync_detailed(customer.id, client=client, body=whole, if_match=tag)
assert ok(changed, CustomerAnswer).data.discount_rate == 2.5
refused(update_customer.sync_detailed(customer.id, client=client, body=whole, if_match=tag), 412)

new_contact = NewContact(name="Bob Clerk", is_primary=True)
contact = ok(
    add_contact_customer.sync_detailed(customer.id, client=client, body=new_contact),
    ContactAnswer,
    201,
).data
removed = remove_contact_customer.sync_detailed(customer.id, contact.id, client=client)
ok(removed, MessageAnswer)

page = ok(list_customer.sync_detailed(client=client, search="harbour", page=1), CustomerPage)
assert page.meta.total == 1
assert ok(orders_customer.sync_detailed(customer.id, client=client), OrderPage).data == []
figures = ok(analytics_customer.sync_detailed(customer.id, client=client), AnalyticsAnswer).data
assert figures.overview.total_orders == 0
check = credit_check_customer.sync_detailed(customer.id, client=client)
assert ok(check, CreditCheckAnswer).data.credit_score == 650
