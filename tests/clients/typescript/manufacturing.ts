import createClient from "openapi-fetch";

import { baseUrl, etag, key, ok, refused, same } from "./checks.js";
import type { components, paths } from "./generated/manufacturing.js";

const client = createClient<paths>({ baseUrl, headers: { "X-GC-API-KEY": key } });

const created = ok(
  await client.POST("/api/admin/customers", {
    body: {
      name: "John Doe Kitchens",
      email: "john@typescript.example",
      phone: "52 1234 1234",
      delivery_address: [{ street: ["42 George Street"], suburb: "Sydney", state: "NSW", country: "Australia" }],
      external_id: "erp-12",
      customer_labels: ["trade"],
    },
  }),
);
const one = { params: { path: { id: String(created.customer.id) } } };
const read = await client.GET("/api/admin/customers/{id}", one);
const customer: components["schemas"]["Customer"] = ok(read).customer;
same(customer.contact_address?.suburb, "Sydney");

same(ok(await client.PUT("/api/admin/customers/{id}", { ...one, body: customer })).customer, customer);
const params = { ...one.params, header: { "If-Match": etag(read) } };
const body = { ...customer, minimum_charge_amount: 12.5 };
same(ok(await client.PUT("/api/admin/customers/{id}", { params, body })).customer.minimum_charge_amount, 12.5);
refused(await client.PUT("/api/admin/customers/{id}", { params, body: { name: "Late" } }), 412);

for (const query of [
  { "filter[external_id]": "erp-12" },
  { "filter[name][like]": "John%" },
  { "filter[minimum_charge_amount][from]": "12", "filter[minimum_charge_amount][to]": "13" },
  { "filter[external_id][in]": "erp-12,erp-13" },
]) {
  const page = ok(await client.GET("/api/admin/customers", { params: { query } }));
  same(page.items.map((item) => item.id), [customer.id]);
}
const query = { "filter[external_id]": "erp-13" };
same(ok(await client.GET("/api/admin/customers", { params: { query } })).pagination.total_count, 0);

same(ok(await client.DELETE("/api/admin/customers/{id}", one)).success, 1);
refused(await client.GET("/api/admin/customers/{id}", one), 404);
