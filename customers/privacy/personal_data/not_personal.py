"""Text columns that hold no personal data of customers, each with the reason.

A column belongs here when no door can write a customer's data into it. If one can, describe its table in
`customers/privacy/personal_data/` instead: what an export shows, and what an erasure leaves.
"""

from __future__ import annotations

from collections.abc import Mapping

from customers.privacy.personal_data.tables import CODE, COMPUTED, MONEY, STAFF

COLOUR = "A colour."
DJANGO = "Written by Django about its own tables."
HIDDEN = "A secret of the shop, encrypted or as a hash."
SHOP = "The shop's own words about itself, shared by all its customers."
SIGN_IN = "Says who signed in to the back office: staff, not customers."
DELIVERY = "One of the texts of `stores.webhooks.sending`, which quote nothing of a receiver."

# The columns by `app.Model`; one text for all columns only of tables that are not the product's own.
NOT_PERSONAL: dict[str, Mapping[str, str] | str] = {
    "auth.Group": DJANGO,
    "auth.Permission": DJANGO,
    "auth.User": SIGN_IN,
    "axes.AccessAttempt": SIGN_IN,
    "axes.AccessFailureLog": SIGN_IN,
    "axes.AccessLog": SIGN_IN,
    "contenttypes.ContentType": DJANGO,
    "customers.BulkRun": {
        "kind": CODE,
        "tag_name": SHOP,
        "actor_name": STAFF,
        "undone_by": STAFF,
    },
    "customers.DeliveryZone": {"name": SHOP, "reference": SHOP},
    "customers.Depot": {"name": SHOP},
    "customers.Tag": {"name": SHOP, "key": COMPUTED, "color": COLOUR},
    "imports.ImportSource": {
        "dialect": CODE,
        "base_url": "The address of a server.",
        "key": "The key of a server, encrypted.",
    },
    "imports.SavedMapping": {"header_hash": "A hash of the names of columns.", "targets": CODE},
    "matching.ValueCounts": {
        "counts": "Values that several customers share, without saying who. Counted anew every night."
    },
    "otp_static.StaticDevice": SIGN_IN,
    "otp_static.StaticToken": SIGN_IN,
    "otp_totp.TOTPDevice": SIGN_IN,
    "orders.DailySales": {"day": MONEY},
    "orders.LetterSettings": {"letterhead": SHOP, "how_to_pay": SHOP, "reply_to": SHOP},
    "orders.LetterText": {"subject": SHOP, "body": SHOP},
    "orders.PaymentMethod": {"name": SHOP, "key": COMPUTED},
    "privacy.ErasedMark": {"digest": HIDDEN},
    "privacy.ErasureReceipt": {
        "kind": CODE,
        "recipient": CODE,
        "name": "Names a system.",
        "note": "How a system confirmed an erasure, written after it.",
        "actor_name": STAFF,
    },
    "privacy.RetentionRule": {
        "what": CODE,
        "next_run_on": "The day of a run.",
        "preview": "Numbers, and keys of rows.",
        "preview_for": "The day of a run.",
        "actor_name": STAFF,
    },
    "privacy.RetentionRun": {"due_on": "The day of a run.", "kept": "Numbers by reason."},
    "stores.ApiKey": {"name": STAFF, "key_id": HIDDEN, "secret_hash": HIDDEN, "scopes": CODE},
    "stores.AuthenticatorApp": {"name": CODE, "secret": HIDDEN},
    "stores.SavedView": {
        "list_name": CODE,
        "name": SHOP,
        "filters": "Choices, days, amounts and places. Searches, which may be names, are left out.",
        "order": CODE,
        "columns": CODE,
    },
    "stores.SentForm": {"path": "The address of a page, which has keys but no names."},
    "stores.Store": {"name": SHOP, "country": CODE, "currency": CODE, "timezone": CODE},
    "stores.WebhookAttempt": {"error": DELIVERY},
    "stores.WebhookDelivery": {"status": CODE, "last_error": DELIVERY},
    "stores.WebhookEndpoint": {
        "url": "The address of a receiver.",
        "events": CODE,
        "description": SHOP,
        "secret": HIDDEN,
        "former_secret": HIDDEN,
        "disabled_reason": CODE,
    },
    "tasks.Assignment": {
        "kind": CODE,
        "assignee_name": STAFF,
        "snoozed_until": "A day of the shop's own plan.",
        "actor_name": STAFF,
    },
}
