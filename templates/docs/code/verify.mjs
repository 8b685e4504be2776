import { Webhook, WebhookVerificationError } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);

// Express: app.post("/clientele", express.raw({ type: "application/json" }), receive)
export function receive(request, response) {
  let event;
  try {
    event = webhook.verify(request.body.toString(), request.headers);
  } catch (error) {
    if (error instanceof WebhookVerificationError) return response.status(401).end();
    throw error;
  }
  console.log(request.headers["webhook-id"], event.type, event.data.id);
  return response.status(204).end();
}
