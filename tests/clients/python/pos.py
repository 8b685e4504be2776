from uuid import UUID

from checks import BASE_URL, KEY, ok, refused
from pos_api import AuthenticatedClient
from pos_api.api.address import create_address
from pos_api.api.customer import (
    create_customer,
    destroy_customer,
    list_customer,
    restore_customer,
    retrieve_customer,
    update_customer,
)
from pos_api.api.delivery_zone import create_delivery_zone
from pos_api.api.house_account import create_house_account
from pos_api.api.tag import create_tag
from pos_api.api.whoami import list_whoami
from pos_api.models import (
    AddressAnswer,
    CustomerAnswer,
    CustomerChange,
    CustomerPage,
    DeliveryZoneAnswer,
    IdentityAnswer,
    NewAddress,
    NewCustomer,
    NewDeliveryZone,
    NewTag,
    NewTransaction,
    StubInput,
    TagAnswer,
    TransactionAnswer,
)

client = AuthenticatedClient(BASE_URL, KEY)

tag = ok(create_tag.sync_detailed(client=client, body=NewTag(name="VIP")), TagAnswer).data
new_zone = NewDeliveryZone(name="Harbour")
zone = ok(create_delivery_zone.sync_detailed(client=client, body=new_zone), DeliveryZoneAnswer).data
assert zone.reference is None

body = NewCustomer(
    name="Simona",
    dial_code=61,
    phone="412345678",
    tags=[StubInput(id=tag.id)],
    is_house_account_enabled=True,
    house_account_limit=200,
)
created = ok(create_customer.sync_detailed(client=client, body=body), CustomerAnswer).data
one = str(created.id)
read = retrieve_customer.sync_detailed(one, client=client)
customer = ok(read, CustomerAnswer).data
etag = read.headers["ETag"]
whole = CustomerChange.from_dict(customer.to_dict())
same = ok(update_customer.sync_detailed(one, client=client, body=whole), CustomerAnswer)
assert same.data == customer
whole.gender = 2
changed = update_customer.sync_detailed(one, client=client, body=whole, if_match=etag)
assert ok(changed, CustomerAnswer).data.gender == 2
refused(update_customer.sync_detailed(one, client=client, body=whole, if_match=etag), 412)

new_address = NewAddress(
    name="Home",
    description="1 George Street",
    customer_id=UUID(one),
    delivery_zone_id=zone.id,
)
ok(create_address.sync_detailed(client=client, body=new_address), AddressAnswer)
charge = NewTransaction(customer_id=UUID(one), amount=45.5)
entry = ok(create_house_account.sync_detailed(client=client, body=charge), TransactionAnswer).data
assert entry.new_balance == 45.5

page = list_customer.sync_detailed(client=client, filtertags_id=str(tag.id), include="tags")
assert [row.id for row in ok(page, CustomerPage).data] == [customer.id]
refused(destroy_customer.sync_detailed(one, client=client), 422)  # money is owed
settlement = NewTransaction(customer_id=UUID(one), amount=-45.5)
ok(create_house_account.sync_detailed(client=client, body=settlement), TransactionAnswer)
ok(destroy_customer.sync_detailed(one, client=client), CustomerAnswer)
restored = ok(restore_customer.sync_detailed(one, client=client), CustomerAnswer)
assert restored.data.deleted_at is None
assert ok(list_whoami.sync_detailed(client=client), IdentityAnswer).data.user.name == "clients"
