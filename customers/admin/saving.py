"""From the customer page's forms to the services: what changed, and in one version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model

from customers.admin.forms import AtMostOneFormSet
from customers.models import Address, Contact, Customer
from customers.models.address import Role
from customers.models.customer import Source
from customers.services import address_list, addresses, contacts, customers
from customers.services.assigning import assign
from stores.actors import Actor

NOT_COLUMNS = frozenset({"seen_version", "tag_list", "store"})
NOT_OF_ROWS = frozenset({"id", "customer", "DELETE", "store"})


def create(form: forms.ModelForm[Any], formsets: list[AtMostOneFormSet], actor: Actor) -> int:
    """Makes the customer with everything on the page; its primary key."""
    given = own_fields(form, form.fields)
    fields = {name: value for name, value in given.items() if value not in (None, "", [])}
    for formset in formsets:
        fields |= new_children(formset)
    row = customers.create_customer(form.cleaned_data["store"], actor, fields, source=Source.ADMIN)
    pk: int = row["id"]
    return pk


def new_children(formset: AtMostOneFormSet) -> dict[str, Any]:
    rows = [row_fields(form) for form in formset.present_forms()]
    if formset.model is Contact:
        return {"contacts": rows}
    if is_billing(formset):
        return {"billing_address": rows[0]} if rows else {}
    return {"addresses": rows} if rows else {}


def change(
    customer: Customer, form: forms.ModelForm[Any], formsets: list[AtMostOneFormSet], actor: Actor
) -> None:
    """Saves what changed on the page as one new version. Raises DomainError, Stale among them."""
    seen = form.cleaned_data.get("seen_version") or 0
    fields = named = own_fields(form, form.changed_data)
    for formset in formsets:
        named = named | new_children(formset)
    with customers.changing(customer.as_queryset(), actor, named, frozenset({seen})) as edit:
        assign(edit.customer, fields)
        customers.assign_children(edit, fields)
        for formset in formsets:
            if formset.has_changed():
                change_children(edit, formset)
        edit.save_and_publish()


def change_children(edit: Any, formset: AtMostOneFormSet) -> None:
    if formset.model is Contact:
        change_contacts(edit, formset)
    elif is_billing(formset):
        kept = formset.present_forms()
        addresses.merge(edit, Role.BILLING, row_fields(kept[0]) if kept else None)
    else:
        change_addresses(edit, formset)


def change_addresses(edit: Any, formset: AtMostOneFormSet) -> None:
    address_list.replace(edit, [row_fields(form) for form in formset.present_forms()])


def change_contacts(edit: Any, formset: AtMostOneFormSet) -> None:
    for form in formset.deleted_forms:
        if form.instance.pk:
            contacts.remove(edit, form.instance.uid)
    for form in formset.present_forms():
        if form.instance.pk is None:
            contacts.add(edit, row_fields(form))
        elif form.has_changed():
            contacts.change(edit, form.instance.uid, row_fields(form))


def own_fields(form: forms.ModelForm[Any], names: Any) -> dict[str, Any]:
    """The form's values of these fields by their neutral names."""
    data = form.cleaned_data
    fields = {name: data[name] for name in names if name in data and name not in NOT_COLUMNS}
    if "default_depot" in fields:
        depot = fields.pop("default_depot")
        fields["default_depot_id"] = depot.pk if depot else None
    if "tag_list" in names and "tag_list" in data:
        fields["tag_uids"] = ordered_tags(form)
    return fields


def ordered_tags(form: forms.ModelForm[Any]) -> list[Any]:
    """The tags the customer had in their order, then the new ones."""
    chosen = list(form.cleaned_data["tag_list"])
    kept = [tag for tag in form.initial.get("tag_list", []) if tag in chosen]
    return [tag.uid for tag in [*kept, *(tag for tag in chosen if tag not in kept)]]


def row_fields(form: forms.ModelForm[Any]) -> dict[str, Any]:
    """What a row of an inline says: all of a new one, what changed of one that is there."""
    names = form.changed_data if form.instance.pk else form.fields
    data = form.cleaned_data
    fields = {name: data[name] for name in names if name in data and name not in NOT_OF_ROWS}
    if form.instance.pk:
        fields["uid"] = form.instance.uid
    if "is_default" in data:
        fields["is_default"] = data["is_default"]
    return fields


def is_billing(formset: AtMostOneFormSet) -> bool:
    return formset.model is Address and formset.max_num == 1


def children_changed(
    formset: AtMostOneFormSet,
) -> tuple[list[Model], list[tuple[Model, list[str]]], list[Model]]:
    """New, changed and deleted rows as the admin's log wants them named."""
    kept = formset.present_forms()
    new = [form.instance for form in kept if form.instance.pk is None]
    changed = [
        (form.instance, form.changed_data)
        for form in kept
        if form.instance.pk and form.has_changed()
    ]
    gone = [form.instance for form in formset.deleted_forms if form.instance.pk]
    return new, changed, gone
