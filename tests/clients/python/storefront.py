from checks import BASE_URL, KEY, STORE, ok, refused
from storefront_api import AuthenticatedClient
from storefront_api.api.customer import create_customer, retrieve_customer, update_customer
from storefront_api.api.event import list_event
from storefront_api.api.order import create_order, list_order, payments_order, refund_order
from storefront_api.api.webhook import create_webhook, destroy_webhook
from storefront_api.models import (
    AddressInput,
    CustomerAnswer,
    CustomerChange,
    EndpointWithSecretAnswer,
    EventPage,
    LineInput,
    NewCustomer,
    NewEndpoint,
    NewOrder,
    NewPayment,
    NewRefund,
    OrderAnswer,
    OrderPage,
    RefundAnswer,
)

client = AuthenticatedClient(BASE_URL, KEY, prefix="", auth_header_name="X-API-Key")

home = AddressInput(
    address1="789 Oak Avenue", city="Los Angeles", postal_code="90001", country="US"
)
body = NewCustomer(email="jane@python.example", name="Jane Smith", addresses=[home])
reply = create_customer.sync_detailed(STORE, client=client, body=body)
one = str(ok(reply, CustomerAnswer, 201).id)
read = retrieve_customer.sync_detailed(STORE, one, client=client)
customer = ok(read, CustomerAnswer).item
tag = read.headers["ETag"]
whole = CustomerChange.from_dict(customer.to_dict())
same = update_customer.sync_detailed(STORE, one, client=client, body=whole)
assert ok(same, CustomerAnswer).item == customer

line = LineInput(product_id="p1", product_name="Oak chair", quantity=2, unit_price="89.50")
new_order = NewOrder(customer_id=customer.id, items=[line], external_id="web-1")
placed = create_order.sync_detailed(STORE, client=client, body=new_order, idempotency_key="o-1")
order = ok(placed, OrderAnswer, 201).item
assert order.total == "179.00"

# the order left the customer's ETag as it was
whole.marketing_opt_in = True
changed = update_customer.sync_detailed(STORE, one, client=client, body=whole, if_match=tag)
assert ok(changed, CustomerAnswer).marketing_opt_in is True
refused(update_customer.sync_detailed(STORE, one, client=client, body=whole, if_match=tag), 412)

found = list_order.sync_detailed(STORE, client=client, external_id="web-1")
assert [item.id for item in ok(found, OrderPage).items] == [order.id]
payment = NewPayment(amount=order.total, method="card")
paid = payments_order.sync_detailed(STORE, str(order.id), client=client, body=payment)
assert ok(paid, OrderAnswer, 201).payment_status == "succeeded"
ok(
    refund_order.sync_detailed(STORE, str(order.id), client=client, body=NewRefund()),
    RefundAnswer,
)

new_hook = NewEndpoint(url="https://shop.example.com/hook", events=["customer.*"])
hook = create_webhook.sync_detailed(STORE, client=client, body=new_hook)
hook_id = str(ok(hook, EndpointWithSecretAnswer, 201).id)
assert destroy_webhook.sync_detailed(STORE, hook_id, client=client).status_code == 204

feed = ok(list_event.sync_detailed(STORE, client=client, after=0), EventPage)
assert feed.items[0].type_ == "customer.created"
