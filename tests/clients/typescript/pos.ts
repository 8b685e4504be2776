import createClient from "openapi-fetch";

import { baseUrl, etag, key, ok, refused, same } from "./checks.js";
import type { components, paths } from "./generated/pos.js";

const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

const tag = ok(await client.POST("/tags", { body: { name: "VIP" } })).data;
const zone = ok(await client.POST("/delivery_zones", { body: { name: "Harbour" } })).data;
same(zone.reference, null);

const created = ok(
  await client.POST("/customers", {
    body: {
      name: "Simona",
      dial_code: 61,
      phone: "412345678",
      tags: [{ id: tag.id }],
      is_house_account_enabled: true,
      house_account_limit: 200,
    },
  }),
).data;
const one = { params: { path: { id: created.id } } };
const read = await client.GET("/customers/{id}", one);
const customer: components["schemas"]["Customer"] = ok(read).data;

same(ok(await client.PUT("/customers/{id}", { ...one, body: customer })).data, customer);
const params = { ...one.params, header: { "If-Match": etag(read) } };
same(ok(await client.PUT("/customers/{id}", { params, body: { ...customer, gender: 2 } })).data.gender, 2);
refused(await client.PUT("/customers/{id}", { params, body: { gender: 1 } }), 412);

const address = ok(
  await client.POST("/addresses", {
    body: { name: "Home", description: "1 George Street", customer_id: customer.id, delivery_zone_id: zone.id },
  }),
).data;
const path = { id: address.id };
same(ok(await client.PUT("/addresses/{id}", { params: { path }, body: address })).data.name, "Home");
const entry = ok(
  await client.POST("/house_account_transactions", { body: { customer_id: customer.id, amount: 45.5 } }),
).data;
same(entry.new_balance, 45.5);
const over = await client.POST("/house_account_transactions", {
  body: { customer_id: customer.id, amount: 1000 },
});
same(typeof refused(over, 422).message, "string");

const query = { "filter[tags.id]": tag.id, include: "tags,addresses,addresses.delivery_zone" };
const page = ok(await client.GET("/customers", { params: { query } }));
same(page.data[0]?.addresses[0]?.delivery_zone?.name, "Harbour");
same(page.data[0]?.tags[0]?.name, "VIP");
refused(await client.DELETE("/customers/{id}", one), 422); // money is owed
const settlement = { customer_id: customer.id, amount: -45.5 };
ok(await client.POST("/house_account_transactions", { body: settlement }));
ok(await client.DELETE("/customers/{id}", one));
same(ok(await client.PUT("/customers/{id}/restore", one)).data.deleted_at, null);
same(ok(await client.GET("/whoami")).data.user.name, "clients");
