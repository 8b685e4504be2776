import createClient from "openapi-fetch";

import { baseUrl, etag, key, ok, refused, same } from "./checks.js";
import type { components, paths } from "./generated/erp.js";

const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

const created = ok(
  await client.POST("/api/customers", {
    body: {
      name: "Harbour Supplies",
      email: "office@typescript.example",
      billing_address: { line1: "1 George Street", city: "Sydney", country: "AU" },
      contacts: [{ name: "Ann Buyer", is_primary: true }],
      credit_limit: 1234567.89,
    },
  }),
  201,
);
const one = { params: { path: { id: created.data.id } } };
const read = await client.GET("/api/customers/{id}", one);
const customer: components["schemas"]["Customer"] = ok(read).data;
same(customer.credit_limit, 1234567.89);

same(ok(await client.PUT("/api/customers/{id}", { ...one, body: customer })).data, customer);
const params = { ...one.params, header: { "If-Match": etag(read) } };
const body = { ...customer, notes: "Closed in January", discount_rate: 2.5 };
same(ok(await client.PUT("/api/customers/{id}", { params, body })).data.discount_rate, 2.5);
refused(await client.PUT("/api/customers/{id}", { params, body: { notes: "Late" } }), 412);

const contact = ok(
  await client.POST("/api/customers/{id}/contacts", { ...one, body: { name: "Bob Clerk" } }),
  201,
).data;
const path = { id: customer.id, contact_id: contact.id };
ok(await client.PUT("/api/customers/{id}/contacts/{contact_id}", { params: { path }, body: contact }));
ok(await client.DELETE("/api/customers/{id}/contacts/{contact_id}", { params: { path } }));
same(ok(await client.GET("/api/customers/{id}/contacts", one)).data.length, 1);

const list = ok(await client.GET("/api/customers", { params: { query: { search: "harbour", page: 1, limit: 20 } } }));
same(list.meta.total, 1);
same(ok(await client.GET("/api/customers/{id}/orders", one)).data, []);
same(ok(await client.GET("/api/customers/{id}/analytics", one)).data.overview.total_orders, 0);
same(ok(await client.POST("/api/customers/{id}/credit-check", one)).data.credit_score, 650);
