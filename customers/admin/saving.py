"""Pass the changes of a customer page's forms to the services, as one version."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import Model

from customers.admin.forms import AtMostOneFormSet
from customers.fields import (
    AddressFields,
    ContactFields,
    CustomerFields,
    read_email,
    read_phone,
)
from customers.models import Address, Contact, Customer
from customers.models.address import Role
from customers.models.choices import Source
from customers.services import contacts, customers
from customers.services.addresses.editing import merge_address
from customers.services.addresses.replace_all import replace_addresses
from customers.services.editing import Edit
from stores.actors import Actor
from stores.models import Store

NOT_COLUMNS = frozenset({"seen_version", "seen_likenesses", "tag_list", "store", "once"})
NOT_OF_ROWS = frozenset({"id", "customer", "DELETE", "store"})


def create(form: forms.ModelForm[Any], formsets: list[AtMostOneFormSet], actor: Actor) -> int:
    """Create the customer with everything on the page. Return its primary key. Raises DomainError."""
    store = form.cleaned_data["store"]
    values = customer_fields(form, form.fields, store)
    fields = cast(
        CustomerFields,
        {name: value for name, value in values.items() if value not in (None, "", [])},
    )
    for formset in formsets:
        fields |= children_fields(formset)
    pk: int = customers.create_customer(store, actor, fields, source=Source.ADMIN)["id"]
    return pk


def update(
    customer: Customer, form: forms.ModelForm[Any], formsets: list[AtMostOneFormSet], actor: Actor
) -> None:
    """Save what changed on the page as one new version. Raises DomainError, Stale among them."""
    seen = form.cleaned_data.get("seen_version") or 0
    fields = customer_fields(form, form.changed_data, customer.store)
    references = fields.copy()
    for formset in formsets:
        references |= children_fields(formset)
    with customers.editing_with_references(
        customer.as_queryset(), actor, references, frozenset({seen})
    ) as edit:
        customers.apply_fields(edit, fields)
        for formset in formsets:
            if formset.has_changed():
                update_children(edit, formset)
        edit.save_and_publish()


def children_fields(formset: AtMostOneFormSet) -> CustomerFields:
    if formset.model is Contact:
        return {"contacts": [contact_fields(form) for form in formset.present_forms()]}
    rows = [address_fields(form) for form in formset.present_forms()]
    if not rows:
        return {}
    return {"billing_address": rows[0]} if is_billing(formset) else {"addresses": rows}


def update_children(edit: Edit, formset: AtMostOneFormSet) -> None:
    if formset.model is Contact:
        update_contacts(edit, formset)
        return
    rows = [address_fields(form) for form in formset.present_forms()]
    if is_billing(formset):
        merge_address(edit, Role.BILLING, rows[0] if rows else None)
    else:
        replace_addresses(edit, rows)


def update_contacts(edit: Edit, formset: AtMostOneFormSet) -> None:
    for form in formset.deleted_forms:
        if form.instance.pk:
            contacts.remove(edit, form.instance.uid)
    for form in formset.present_forms():
        if form.instance.pk is None:
            contacts.add(edit, contact_fields(form))
        elif form.has_changed():
            contacts.update(edit, form.instance.uid, contact_fields(form))


def customer_fields(form: forms.ModelForm[Any], names: Any, store: Store) -> CustomerFields:
    """Return the form's values under these names as fields. Raises Invalid `email` and `phone`."""
    data = form.cleaned_data
    fields = {name: data[name] for name in names if name in data and name not in NOT_COLUMNS}
    if "email" in fields:
        fields["email"] = read_email(fields["email"])
    if "phone" in fields:
        fields["phone"] = read_phone(fields["phone"], store.country)
    if "default_depot" in fields:
        depot = fields.pop("default_depot")
        fields["default_depot_id"] = depot.pk if depot else None
    if "tag_list" in names and "tag_list" in data:
        fields["tag_uids"] = ordered_tags(form)
    return cast(CustomerFields, fields)


def ordered_tags(form: forms.ModelForm[Any]) -> list[Any]:
    """Return the ids of the former tags in their order, then of the new ones."""
    selected = list(form.cleaned_data["tag_list"])
    former = [tag for tag in form.initial.get("tag_list", []) if tag in selected]
    return [tag.uid for tag in [*former, *(tag for tag in selected if tag not in former)]]


def address_fields(form: forms.ModelForm[Any]) -> AddressFields:
    """Return all of a new row, or what changed of one that is there."""
    fields = row_fields(form)
    if form.instance.pk:
        fields["uid"] = form.instance.uid
    if "is_default" in form.cleaned_data:
        fields["is_default"] = form.cleaned_data["is_default"]
    return cast(AddressFields, fields)


def contact_fields(form: forms.ModelForm[Any]) -> ContactFields:
    """Return all of a new row, or what changed of one that is there."""
    return cast(ContactFields, row_fields(form))


def row_fields(form: forms.ModelForm[Any]) -> dict[str, Any]:
    names = form.changed_data if form.instance.pk else form.fields
    data = form.cleaned_data
    return {name: data[name] for name in names if name in data and name not in NOT_OF_ROWS}


def is_billing(formset: AtMostOneFormSet) -> bool:
    return formset.model is Address and formset.max_num == 1


def children_changed(
    formset: AtMostOneFormSet,
) -> tuple[list[Model], list[tuple[Model, list[str]]], list[Model]]:
    """Return new, changed and deleted rows, in the form that Django's log takes."""
    present = formset.present_forms()
    new = [form.instance for form in present if form.instance.pk is None]
    changed = [
        (form.instance, form.changed_data)
        for form in present
        if form.instance.pk and form.has_changed()
    ]
    deleted = [form.instance for form in formset.deleted_forms if form.instance.pk]
    return new, changed, deleted
