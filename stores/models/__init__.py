from stores.models.api_key import ApiKey
from stores.models.authenticator import AuthenticatorApp
from stores.models.event import Event
from stores.models.idempotency import IdempotentRequest
from stores.models.saved_view import SavedView
from stores.models.sent_form import SentForm
from stores.models.store import Store
from stores.models.webhook import WebhookAttempt, WebhookDelivery, WebhookEndpoint

__all__ = [
    "ApiKey",
    "AuthenticatorApp",
    "Event",
    "IdempotentRequest",
    "SavedView",
    "SentForm",
    "Store",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
]
