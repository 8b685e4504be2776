"""Every named constraint has an error code, or a reason why clients cannot violate it."""

from __future__ import annotations

from django.apps import apps

from stores.errors import constraint_refusals

APPS = ("customers", "matching", "merging", "orders", "privacy", "stores", "tasks")
RANDOM_UID = "a new random UUID is never in the book yet"
SERVICE_KEEPS_IT = "only a defect of a service could violate it, which is for the log"
SKIPS_DUPLICATES = "the only insert leaves out rows that are there, or updates them"
WITHOUT_REFUSAL = {
    "address_uid_once": RANDOM_UID,
    "credit_note_uid_once": RANDOM_UID,
    "letter_uid_once": RANDOM_UID,
    "allocation_uid_once": RANDOM_UID,
    "contact_uid_once": RANDOM_UID,
    "credit_check_uid_once": RANDOM_UID,
    "customer_uid_once": RANDOM_UID,
    "delivery_uid_once": RANDOM_UID,
    "endpoint_uid_once": RANDOM_UID,
    "entry_uid_once": RANDOM_UID,
    "erasure_uid_once": RANDOM_UID,
    "event_uid_once": RANDOM_UID,
    "line_uid_once": RANDOM_UID,
    "note_uid_once": RANDOM_UID,
    "order_uid_once": RANDOM_UID,
    "payment_uid_once": RANDOM_UID,
    "tag_uid_once": RANDOM_UID,
    "zone_uid_once": RANDOM_UID,
    "bulk_change_once": SERVICE_KEEPS_IT,
    "charge_once": SERVICE_KEEPS_IT,
    "charge_open_within_amount": SERVICE_KEEPS_IT,
    "credit_once": SERVICE_KEEPS_IT,
    "credit_open_within_amount": SERVICE_KEEPS_IT,
    "allocation_amount_not_zero": SERVICE_KEEPS_IT,
    "credit_score_range": SERVICE_KEEPS_IT,
    "customer_merged_is_deleted": SERVICE_KEEPS_IT,
    "customer_orders_counted": SERVICE_KEEPS_IT,
    "customer_withdrawn_is_deleted": SERVICE_KEEPS_IT,
    "delivery_once_per_event": SERVICE_KEEPS_IT,
    "event_version_once": SERVICE_KEEPS_IT,
    "privacy_request_due_after": SERVICE_KEEPS_IT,
    "receipt_once": SERVICE_KEEPS_IT,
    "erased_mark_once": SKIPS_DUPLICATES,
    "data_export_uid_once": RANDOM_UID,
    "privacy_request_uid_once": RANDOM_UID,
    "retention_uid_once": RANDOM_UID,
    "retention_enabled_has_day": SERVICE_KEEPS_IT,
    "retention_months_in_range": SERVICE_KEEPS_IT,
    "retention_run_once_a_day": SERVICE_KEEPS_IT,
    "line_total_adds_up": SERVICE_KEEPS_IT,
    "order_number_once": SERVICE_KEEPS_IT,
    "order_charged_within_due": SERVICE_KEEPS_IT,
    "assignment_once": SKIPS_DUPLICATES,
    "own_columns_once": SKIPS_DUPLICATES,
    "shared_view_has_name": SERVICE_KEEPS_IT,
    "counts_once_a_store": SKIPS_DUPLICATES,
    "merge_uid_once": RANDOM_UID,
    "merged_once": SERVICE_KEEPS_IT,
    "moved_row_once": SERVICE_KEEPS_IT,
    "pair_in_order": SERVICE_KEEPS_IT,
    "pair_once": SKIPS_DUPLICATES,
    "scan_once_a_store": SKIPS_DUPLICATES,
    "sales_once_a_day": SKIPS_DUPLICATES,
    "credit_note_has_payment": SERVICE_KEEPS_IT,
    "credit_note_line_once": SERVICE_KEEPS_IT,
    "credit_note_number_once": SERVICE_KEEPS_IT,
    "credit_note_of_credit": SERVICE_KEEPS_IT,
    "credit_note_of_credit_entry": SERVICE_KEEPS_IT,
    "credit_note_of_refund": SERVICE_KEEPS_IT,
    "credit_note_of_refund_entry": SERVICE_KEEPS_IT,
    "credit_note_quantity_positive": SERVICE_KEEPS_IT,
    "credit_sequence_once_a_year": SKIPS_DUPLICATES,
    "sequence_once_a_year": SKIPS_DUPLICATES,
    "thirds_once_a_store": SKIPS_DUPLICATES,
    "idempotency_key_once": "`customers.api.idempotency` answers with the stored response",
}


def named_constraints() -> set[str]:
    return {
        constraint.name
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_has_a_code_or_a_reason() -> None:
    assert named_constraints() == set(constraint_refusals) | set(WITHOUT_REFUSAL)


def test_no_constraint_is_on_both_lists() -> None:
    assert not set(constraint_refusals) & set(WITHOUT_REFUSAL)
