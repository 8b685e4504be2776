import createClient from "openapi-fetch";

import { baseUrl, etag, key, ok, refused, same, store } from "./checks.js";
import type { components, paths } from "./generated/storefront.js";

const client = createClient<paths>({ baseUrl, headers: { "X-API-Key": key } });
const path = { store_id: store };

const created = ok(
  await client.POST("/stores/{store_id}/customers", {
    params: { path },
    body: {
      email: "jane@typescript.example",
      name: "Jane Smith",
      addresses: [{ address1: "789 Oak Avenue", city: "Los Angeles", postalCode: "90001", country: "US" }],
    },
  }),
  201,
);
const one = { params: { path: { ...path, id: created.id } } };
const read = await client.GET("/stores/{store_id}/customers/{id}", one);
const customer: components["schemas"]["Customer"] = ok(read).item;

same(ok(await client.PUT("/stores/{store_id}/customers/{id}", { ...one, body: customer })).item, customer);

const placed = ok(
  await client.POST("/stores/{store_id}/orders", {
    params: { path, header: { "Idempotency-Key": "order-1" } },
    body: {
      customerId: customer.id,
      items: [{ productId: "p1", productName: "Oak chair", quantity: 2, unitPrice: "89.50" }],
      shippingAddressId: customer.defaultAddressId,
      externalId: "web-1",
    },
  }),
  201,
);
const order: components["schemas"]["Order"] = placed.item;
same(order.total, "179.00");
same(order.shippingAddress?.city, "Los Angeles");

// the order left the customer's ETag as it was
const params = { ...one.params, header: { "If-Match": etag(read) } };
const body = { ...customer, marketingOptIn: true };
same(ok(await client.PATCH("/stores/{store_id}/customers/{id}", { params, body })).marketingOptIn, true);
refused(await client.PATCH("/stores/{store_id}/customers/{id}", { params, body: { name: "Late" } }), 412);

// the same again, from what was read
const again = { customerId: order.customerId, items: order.items, discountAmount: order.discountAmount };
ok(await client.POST("/stores/{store_id}/orders", { params: { path }, body: again }), 201);
const found = ok(
  await client.GET("/stores/{store_id}/orders", { params: { path, query: { externalId: "web-1" } } }),
);
same(found.items.map((item) => item.id), [order.id]);
const it = { params: { path: { ...path, id: order.id } } };
const paid = { ...it, body: { amount: order.total, method: "card" } };
same(ok(await client.POST("/stores/{store_id}/orders/{id}/payments", paid), 201).paymentStatus, "succeeded");
ok(await client.PATCH("/stores/{store_id}/orders/{id}", { ...it, body: { status: "confirmed" } }));
ok(await client.POST("/stores/{store_id}/orders/{id}/refund", { ...it, body: {} }));

const hook = ok(
  await client.POST("/stores/{store_id}/webhooks", {
    params: { path },
    body: { url: "https://shop.example.com/hook", events: ["customer.*"] },
  }),
  201,
).item;
const at = { params: { path: { ...path, id: hook.id } } };
const endpoint: components["schemas"]["Endpoint"] = ok(
  await client.GET("/stores/{store_id}/webhooks/{id}", at),
).item;
ok(await client.PATCH("/stores/{store_id}/webhooks/{id}", { ...at, body: endpoint }));
same((await client.DELETE("/stores/{store_id}/webhooks/{id}", at)).response.status, 204);

// the page that a client with defaults asks for
const query = { limit: 1, page: 2, offset: 0 };
const second = ok(await client.GET("/stores/{store_id}/orders", { params: { path, query } }));
same(second.pagination.page, 2);
const feed = ok(await client.GET("/stores/{store_id}/events", { params: { path, query: { after: 0 } } }));
const event = feed.items[0];
if (event === undefined) throw new Error("no event");
same([event.type, event.version], ["customer.created", 1]);
