"""A store's tags, and the tags of a customer.

When a tag is renamed or deleted, an event is published for each customer that has it.
"""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils import timezone

from customers.fields import TagFields, require_known
from customers.models import Customer, CustomerTag, Tag
from customers.models.customer import CustomerQuerySet
from customers.reads import Row
from customers.services import bulk
from customers.services.editing import Edit, editing, lock, unit_of_work
from customers.services.reference_locks import lock_all
from stores.actors import Actor
from stores.errors import Invalid, NotFound
from stores.models import Store


def create_tag(store: Store, name: str, color: str = "") -> Tag:
    """A new tag. Raises Conflict `tag_exists` when the store has that word in any spelling."""
    with unit_of_work():
        return Tag.objects.create(store=store, name=name, key=Tag.key_of(name), color=color)


def update_tag(target: QuerySet[Tag], actor: Actor, fields: TagFields) -> Tag:
    """Renames or colours the tag that `target` names; publishes an event for each customer that shows it.

    Raises NotFound, and Conflict `tag_exists` and `shown_by_too_many`.
    """
    require_known(fields, TagFields)
    with unit_of_work():
        tag = _lock(target)
        if all(getattr(tag, name) == value for name, value in fields.items()):
            return tag
        former = tag.name
        for name, value in fields.items():
            setattr(tag, name, value)
        tag.key, tag.updated_at = Tag.key_of(tag.name), timezone.now()
        tag.save()
        if tag.name != former:
            bulk.publish_updates(
                tag.store_id,
                bulk.lock_customers(_tagged_customers(tag)),
                actor,
                "tags",
                before=lambda row: [
                    former if shown["uid"] == tag.uid else shown["name"] for shown in row["tags"]
                ],
            )
    return tag


def delete_tag(target: QuerySet[Tag], actor: Actor) -> Tag:
    """Deletes the tag that `target` names, and takes it off its customers.

    Raises NotFound, and Conflict `shown_by_too_many`.
    """
    with unit_of_work():
        tag = _lock(target)
        keys = bulk.lock_customers(_tagged_customers(tag))
        customer_tags = CustomerTag.objects.filter(store=tag.store_id, tag=tag)
        places = dict(customer_tags.values_list("customer_id", "id"))
        customer_tags.delete()

        def before(row: Row) -> list[str]:
            others = [(shown["id"], shown["name"]) for shown in row["tags"]]
            return [name for _, name in sorted([*others, (places[row["id"]], tag.name)])]

        bulk.publish_updates(tag.store_id, keys, actor, "tags", before)
        pk = tag.pk
        tag.delete()
        tag.pk = pk
    return tag


def _lock(target: QuerySet[Tag]) -> Tag:
    tag = target.select_for_update(of=("self",)).first()
    if tag is None:
        raise NotFound
    return tag


def _tagged_customers(tag: Tag) -> CustomerQuerySet:
    rows = CustomerTag.objects.filter(store=tag.store_id, tag=tag).values("customer")
    return Customer.objects.filter(store=tag.store_id, pk__in=rows)


def names_of(customer: Customer) -> list[str]:
    rows = CustomerTag.objects.filter(store=customer.store_id, customer=customer).order_by("id")
    return list(rows.values_list("tag__name", flat=True))


def set_tags(edit: Edit, tags: list[Tag]) -> None:
    """Replaces the customer's tags, in that order; a tag named twice counts once."""
    customer = edit.customer
    rows = CustomerTag.objects.filter(store=customer.store_id, customer=customer).order_by("id")
    wanted = list(dict.fromkeys(tag.pk for tag in tags))
    present = [] if edit.is_new else list(rows.values_list("tag_id", flat=True))
    if present != wanted:
        edit.record_child_change("tags", names_of(customer) if present else [])
        kept = [pk for pk in present if pk in wanted]
        if wanted[: len(kept)] != kept:
            kept = []
        if kept != present:
            rows.exclude(tag__in=kept).delete()
        CustomerTag.objects.bulk_create(
            CustomerTag(store_id=customer.store_id, customer=customer, tag_id=pk)
            for pk in wanted[len(kept) :]
        )


def tags_named(store: Store, names: list[str]) -> list[Tag]:
    """The tags of these names, new ones made; a word in another spelling is the tag that is there.

    Raises Invalid `blank_tag` for a name of nothing that can be seen.
    """
    keys = {Tag.key_of(name): name for name in reversed(names)}
    if "" in keys:
        raise Invalid("blank_tag", "tags")
    found = _by_key(store, keys)
    # in one order for everybody: who makes a tag waits for whoever is making the same
    missing = [Tag(store=store, name=keys[key], key=key) for key in sorted(keys.keys() - found)]
    if missing:
        Tag.objects.bulk_create(missing, ignore_conflicts=True)  # somebody may be making the same
        found = _by_key(store, keys)
    return [found[Tag.key_of(name)] for name in names]


def _by_key(store: Store, keys: dict[str, str]) -> dict[str, Tag]:
    return {tag.key: tag for tag in Tag.objects.filter(store=store, key__in=keys)}


def tags_by_uid(store: Store, uids: list[uuid.UUID]) -> list[Tag]:
    """The tags of these ids. Raises Invalid naming `tags.<i>.id` for the first that the store has not."""
    found = {tag.uid: tag for tag in Tag.objects.filter(store=store, uid__in=uids)}
    for index, uid in enumerate(uids):
        if uid not in found:
            raise Invalid("unknown_id", f"tags.{index}.id")
    return [found[uid] for uid in uids]


def add_tag(target: CustomerQuerySet, actor: Actor, tag: Tag) -> bool:
    """Puts one tag on the customer that `target` names; whether it was missing.

    Raises NotFound, and Conflict `changed_meanwhile` when the tag is gone.
    """
    with unit_of_work():
        lock_all(Tag.objects.filter(store=tag.store_id), {tag.pk})
        edit = Edit(lock(target), actor)
        present = _tags_of(edit.customer)
        set_tags(edit, [*present, tag])
        edit.save_and_publish()
    return tag not in present


def remove_tag(target: CustomerQuerySet, actor: Actor, tag: Tag) -> bool:
    """Takes one tag off the customer that `target` names; whether it was there. Raises NotFound."""
    with editing(target, actor) as edit:
        present = _tags_of(edit.customer)
        set_tags(edit, [other for other in present if other != tag])
        edit.save_and_publish()
    return tag in present


def _tags_of(customer: Customer) -> list[Tag]:
    rows = CustomerTag.objects.filter(store=customer.store_id, customer=customer).order_by("id")
    return [row.tag for row in rows.select_related("tag")]
