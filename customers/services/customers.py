"""Create, update, delete and restore customers. All dialects, the admin and commands call these services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils import timezone

from customers.canonical import name_sort_key
from customers.fields import AddressFields, CustomerFields, require_known
from customers.models import Customer, LoginEmail, Tag
from customers.models.address import Role
from customers.models.choices import Source
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row
from customers.services import contacts, tags
from customers.services.addresses.columns import GeocodeResult
from customers.services.addresses.editing import merge_address
from customers.services.addresses.replace_all import (
    replace_addresses,
    replace_addresses_by_content,
    set_default_address,
)
from customers.services.assigning import COLUMNS, assign
from customers.services.consent_history import first_choice
from customers.services.editing import (
    Edit,
    Versions,
    delete_login_emails,
    editing,
    lock,
    search_text,
    unit_of_work,
)
from customers.services.reference_locks import has_references, lock_references
from stores.actors import Actor
from stores.errors import Conflict, Invalid
from stores.models import Store


def create_customer(
    store: Store,
    actor: Actor,
    fields: CustomerFields,
    *,
    source: str = Source.API,
    geocoded: GeocodeResult | None = None,
) -> Row:
    """Create a customer with all that belongs to it. Raises Invalid and Conflict (`email_taken`)."""
    require_known(fields, CustomerFields, COLUMNS.keys())
    with unit_of_work():
        # Tags, zones and depots first, as in every service: see `reference_locks`.
        if has_references(fields):
            lock_references(store, fields)
        edit = new_edit(store, actor, fields, source)
        edit.customer.insert()
        if edit.customer.marketing_opt_in_at:
            first_choice(edit.customer, actor, fields).insert()
        assign_children(edit, fields, geocoded)
        edit.publish_created()
    return edit.row


def new_edit(store: Store, actor: Actor, fields: CustomerFields, source: str) -> Edit:
    """Return the edit of a new customer with its columns set. Addresses, tags and contacts need its key."""
    customer = Customer(store=store, currency=store.currency, source=source)
    edit = Edit(customer, actor)
    assign(customer, fields)
    customer.search_text = search_text(customer)
    # As in `display_name`: a firm without a person stands where its company does.
    customer.name_key = name_sort_key(customer.name or customer.company)
    proof = fields.get("marketing_proof", {})
    if customer.marketing_opt_in or proof:
        customer.marketing_opt_in_at = proof.get("valid_from", timezone.now())
    return edit


def update_customer(
    target: CustomerQuerySet,
    actor: Actor,
    fields: CustomerFields,
    *,
    versions: Versions = None,
    geocoded: GeocodeResult | None = None,
) -> Row:
    """Change the live customer that `target` names. Raises NotFound, Stale, Invalid, Conflict.

    Contract of pos: a deleted customer is not found.
    """
    with editing_with_references(target, actor, fields, versions) as edit:
        apply_fields(edit, fields, geocoded)
        edit.save_and_publish()
    return edit.row


@contextmanager
def editing_with_references(
    target: CustomerQuerySet,
    actor: Actor,
    fields: CustomerFields | AddressFields,
    versions: Versions = None,
) -> Iterator[Edit]:
    """Edit a live customer. What `fields` refer to is locked before the customer, see `reference_locks`."""
    with unit_of_work():
        # One query more, to know the store, only when there is something to lock.
        if has_references(fields) and (store := target.values_list("store", flat=True).first()):
            lock_references(store, fields)
        yield Edit(lock(target.live(), versions), actor)


def apply_fields(edit: Edit, fields: CustomerFields, geocoded: GeocodeResult | None = None) -> None:
    require_known(fields, CustomerFields, COLUMNS.keys())
    assign(edit.customer, fields)
    edit.consent_proof = fields.get("marketing_proof", {})
    assign_children(edit, fields, geocoded)


def soft_delete(edit: Edit) -> None:
    """Soft-delete the customer of an edit, and end its login to the portal."""
    edit.customer.deleted_at = timezone.now()
    # All contracts: a deleted customer frees its e-mail. The other constraint on e-mails has only live rows.
    delete_login_emails(LoginEmail.objects.filter(customer=edit.customer))
    edit.save_and_publish("customer.deleted")


def restore_customer(target: CustomerQuerySet, actor: Actor, *, versions: Versions = None) -> Row:
    """Restore a soft-deleted customer. A live one stays unchanged; the contract of pos allows that.

    Raises NotFound, also when it was merged, or deleted together with its orders; Stale; and Conflict
    `email_taken` when another customer has its e-mail now.
    """
    with editing(target.with_deleted(), actor, versions) as edit:
        edit.customer.deleted_at = None
        edit.save_and_publish("customer.restored")
    return edit.row


def create_login_customer(store: Store, actor: Actor, fields: CustomerFields) -> Row:
    """Create a customer whose e-mail logs in to the portal of manufacturing: it is unique over all stores."""
    with unit_of_work():
        # A savepoint inside this transaction: without the login, the customer must not stay.
        row = create_customer(store, actor, fields)
        claim_login(Customer.objects.get(store=store, pk=row["id"]))
    return row


def update_login_customer(
    target: CustomerQuerySet, actor: Actor, fields: CustomerFields, *, versions: Versions = None
) -> Row:
    """Change a customer of the portal. Raises NotFound, Stale, Invalid, Conflict.

    An unchanged e-mail is not claimed again. Another dialect may have given it to a customer of another store
    meanwhile; that must not block other changes.
    """
    with editing_with_references(target, actor, fields, versions) as edit:
        former = edit.customer.email_key
        apply_fields(edit, fields)
        if edit.customer.email_key != former:
            claim_login(edit.customer)
        edit.save_and_publish()
    return edit.row


def claim_login(customer: Customer) -> None:
    """Reserve the customer's e-mail as a login. Raises Conflict `email_taken` when a live customer has it."""
    # Other dialects do not reserve e-mails, so look at all customers first. Two requests of the portal at the
    # same time both pass here; the unique constraint of LoginEmail then refuses the second one.
    # Contract of manufacturing: the error does not tell which store has the address.
    same_email = Customer.objects.live().filter(email_key=customer.email_key)
    if same_email.exclude(pk=customer.pk).exists():
        raise Conflict("email_taken", "email")
    key, store = customer.email_key, customer.store_id
    own = LoginEmail.objects.filter(customer=customer)
    if own.exists():  # under the customer's lock
        own.update(email_key=key)
    else:
        LoginEmail.objects.create(store_id=store, customer=customer, email_key=key)


def assign_children(
    edit: Edit,
    fields: CustomerFields,
    geocoded: GeocodeResult | None = None,
    find_tags: Callable[[Store, list[str]], list[Tag]] = tags.tags_named,
) -> None:
    """Set the addresses, tags and contacts that the fields name. Raises Invalid and Conflict."""
    assign_addresses(edit, fields, geocoded)
    store = edit.customer.store
    # Bakery and manufacturing send names and create missing tags. Pos sends ids, which must exist.
    if "tags" in fields:
        tags.set_tags(edit, find_tags(store, fields["tags"]))
    if "tag_uids" in fields:
        tags.set_tags(edit, tags.tags_by_uid(store, fields["tag_uids"]))
    for contact in fields.get("contacts", ()):
        contacts.add(edit, contact)


def assign_addresses(edit: Edit, fields: CustomerFields, geocoded: GeocodeResult | None) -> None:
    """Set the addresses in one of the three forms of `CustomerFields`: parts, whole list, list without ids."""
    if "billing_address" in fields:
        merge_address(edit, Role.BILLING, fields["billing_address"])
    if "delivery_address" in fields:
        merge_address(edit, Role.DELIVERY, fields["delivery_address"], geocoded)
    if "addresses" in fields:
        # Contract of storefront: there is a default address whenever there is any address.
        if (
            fields["addresses"]
            and "default_address" in fields
            and fields["default_address"] is None
        ):
            raise Invalid("default_required", "default_address")
        replace_addresses(edit, fields["addresses"], fields.get("default_address"))
    elif "addresses_by_content" in fields:
        replace_addresses_by_content(edit, fields["addresses_by_content"])
    elif "default_address" in fields:
        set_default_address(edit, fields["default_address"])
