import createClient from "openapi-fetch";

import { baseUrl, etag, key, ok, refused, same } from "./checks.js";
import type { components, paths } from "./generated/bakery.js";

const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
const address = { street: "100 Collins Street", city: "Melbourne", state: "VIC", country: "Australia" };

const body: components["schemas"]["NewCustomer"] = {
  first_name: "Emma",
  contact: { email: "emma@typescript.example" },
  address,
  external_id: "crm-7",
};
const created = ok(
  await client.POST("/api/v1/customers", {
    body,
    params: { header: { "Idempotency-Key": "emma-1" } },
  }),
  201,
);
const one = { params: { path: { id: created.data.id } } };

const read = await client.GET("/api/v1/customers/{id}", one);
const customer: components["schemas"]["Customer"] = ok(read).data;
same(customer.address?.city, "Melbourne");

const found = ok(await client.GET("/api/v1/customers", { params: { query: { external_id: "crm-7" } } }));
same(found.data.map((row) => row.id), [customer.id]);
const none = ok(await client.GET("/api/v1/customers", { params: { query: { external_id: "crm-8" } } }));
same(none.data, []);

// what GET gave is sent back as it is, and with a change
same(ok(await client.PATCH("/api/v1/customers/{id}", { ...one, body: customer })).data, customer);
const header = { "If-Match": etag(read) };
const params = { ...one.params, header };
const changed = ok(
  await client.PATCH("/api/v1/customers/{id}", { params, body: { ...customer, company: "TechCorp" } }),
);
same(changed.data.company, "TechCorp");
const stale = await client.PATCH("/api/v1/customers/{id}", { params, body: { company: "Other" } });
if ("code" in (refused(stale, 412).error as object)) same(stale.response.status, 412);

const placed = ok(await client.POST("/api/v1/customers/{id}/geocode", { ...one, body: { address } }));
same(typeof placed.address.latitude, "number");
