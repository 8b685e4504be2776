import os

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["WEBHOOK_SECRET"])


def receive(body: bytes, headers: dict[str, str]) -> int:
    """Return the status to answer. Names of headers are in lower case."""
    try:
        event = webhook.verify(body, headers)
    except WebhookVerificationError:
        return 401
    print(headers["webhook-id"], event["type"], event["data"]["id"])
    return 204
