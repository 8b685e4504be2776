"""Merge the submitted addresses or contacts with those that others added, changed or removed meanwhile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst

from customers.admin.posted_values import posted, write
from customers.admin.typed_values import NOT_COMPARED, Asked, merge_fields
from customers.models import Contact, DeliveryZone
from customers.reads import Row

Values = dict[str, list[str]]  # of one row, by the end of each control's name


def rebuild_rows(formset: Any, noun: str, base: Row | None, asked: Asked) -> None:
    """Write the merged rows to the submitted data: those of the database in their order, then new ones.

    A row that others removed stays only if the person changed it, as a new one: so nothing typed is lost.
    """
    if f"{formset.prefix}-TOTAL_FORMS" not in asked.data:
        return
    sent = take_rows(asked.data, formset)
    seen = base_rows(formset, base)
    stored = {str(form.instance.pk): form for form in formset.initial_forms}
    own = [row for row in sent if row_key(row) not in stored]
    mine = {row_key(row): row for row in sent if row_key(row) in stored}
    if formset.max_num == 1 and stored and not mine:  # both added the only one
        mine = {key: own.pop() for key in [*stored][:1] if own}
        empty = formset.empty_form
        seen |= {key: {name: empty[name].initial for name in empty.fields} for key in mine}
    for index, (key, form) in enumerate(stored.items()):
        form.prefix = f"{formset.prefix}-{index}"
        write_row(asked.data, form.prefix, mine.get(key, {}) | {"id": [key]})
        if key not in mine:
            write_stored(form, asked.data)
            continue
        values = None if base is None else seen.get(key, {})
        label = f"{capfirst(noun)} {form.instance}"
        merge_fields(form, values, asked, key=f"{formset.prefix}-{key}-", noun=label)
    kept = [row for row in own if is_typed(formset, row, seen)]
    for index, row in enumerate(kept, len(stored)):
        write_row(asked.data, f"{formset.prefix}-{index}", row | {"id": [""]})
    asked.data[f"{formset.prefix}-INITIAL_FORMS"] = str(len(stored))
    asked.data[f"{formset.prefix}-TOTAL_FORMS"] = str(len(stored) + len(kept))


def take_rows(data: QueryDict, formset: Any) -> list[Values]:
    """Take the rows out of the submitted data, in their order.

    Names of controls tell them apart: “addresses-2-0-city” is no row of “addresses”, but of “addresses-2”.
    """
    names = formset.empty_form.fields.keys() | {"DELETE"}
    rows: dict[int, Values] = {}
    for name in list(data):
        index, _, end = name.removeprefix(f"{formset.prefix}-").partition("-")
        if name.startswith(f"{formset.prefix}-") and index.isdecimal() and end in names:
            rows.setdefault(int(index), {})[end] = data.pop(name)
    return [rows[index] for index in sorted(rows)]


def row_key(row: Values) -> str:
    return next(iter(row.get("id", [])), "")


def base_rows(formset: Any, base: Row | None) -> dict[str, dict[str, Any]]:
    """Return the rows as the person saw them, by key, with the names and values of the form."""
    if base is None:
        return {}
    if formset.model is Contact:
        return {str(row["id"]): dict(row) for row in base["contacts"]}
    zones = dict(
        DeliveryZone.objects.filter(store=formset.instance.store_id).values_list("uid", "pk")
    )
    return {str(row["id"]): address_values(row, zones) for row in base["addresses"]}


def address_values(row: Row, zones: dict[Any, int]) -> dict[str, Any]:
    zone = row["delivery_zone"]
    return {
        **row,
        "state": row["state_code"] or row["state"],
        "delivery_zone": zones.get(zone["uid"]) if zone else None,
    }


def write_row(data: QueryDict, prefix: str, row: Values) -> None:
    write(data, {f"{prefix}-{end}": texts for end, texts in row.items()})


def write_stored(form: forms.BaseForm, data: QueryDict) -> None:
    for name in form.fields.keys() - NOT_COMPARED:
        write(data, posted(form[name], form[name].initial))


def is_typed(formset: Any, row: Values, seen: dict[str, dict[str, Any]]) -> bool:
    """Tell whether the person typed something into a row that is not, or no longer, stored."""
    if "DELETE" in row:
        return False
    form = formset.empty_form
    values = seen.get(row_key(row), {})
    data = QueryDict(mutable=True)
    write_row(data, form.prefix, row)
    return any(
        control.has_changed(
            values.get(name, form[name].initial),
            control.widget.value_from_datadict(data, {}, form[name].html_name),
        )
        for name, control in form.fields.items()
        if name not in NOT_COMPARED
    )
