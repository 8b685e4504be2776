"""Create, update and delete a store's tags, and set the tags of a customer.

When a tag is renamed or deleted, each customer that has it gets an event.
"""

from __future__ import annotations

import uuid

from django.utils import timezone

from customers.fields import TagFields, require_known
from customers.models import Customer, CustomerTag, Tag
from customers.models.customer_queryset import CustomerQuerySet
from customers.reads import Row
from customers.services import bulk
from customers.services.editing import Edit, editing, lock, unit_of_work
from customers.services.reference_locks import lock_all
from stores.actors import Actor
from stores.database.bulk_inserts import insert_many
from stores.database.plans import Plan
from stores.errors import Invalid, NotFound
from stores.models import Store
from stores.models.base import TenantQuerySet


def create_tag(store: Store, name: str, color: str = "") -> Tag:
    """Create a tag.

    Raises Invalid `blank_tag`, and Conflict `tag_exists` when the store has the same word in any spelling.
    """
    with unit_of_work():
        return Tag.objects.create(store=store, name=name, key=_visible_key(name), color=color)


def update_tag(target: TenantQuerySet[Tag], actor: Actor, fields: TagFields) -> Tag:
    """Set name or colour of the tag that `target` names. A new name publishes an event for each customer.

    Raises NotFound, Invalid `blank_tag`, and Conflict `tag_exists` and `shown_by_too_many`.
    """
    require_known(fields, TagFields)
    with unit_of_work():
        tag = _lock(target)
        if all(getattr(tag, name) == value for name, value in fields.items()):
            return tag  # no event without a change
        former = tag.name  # the rows read after the update have the new name
        for name, value in fields.items():
            setattr(tag, name, value)
        tag.key, tag.updated_at = _visible_key(tag.name), timezone.now()
        tag.save()
        # The colour is for the back office: no client of a customer sees it.
        if tag.name != former:
            bulk.publish_updates(
                tag.store_id,
                bulk.lock_customers(_tagged_customers(tag)),
                actor,
                "tags",
                before=lambda row: [
                    former if item["uid"] == tag.uid else item["name"] for item in row["tags"]
                ],
            )
    return tag


def delete_tag(target: TenantQuerySet[Tag], actor: Actor) -> Tag:
    """Delete the tag that `target` names, and remove it from its customers.

    Return the tag as it was, with its primary key. Raises NotFound, and Conflict `shown_by_too_many`.
    """
    with unit_of_work():
        tag = _lock(target)
        keys = bulk.lock_customers(_tagged_customers(tag))
        customer_tags = CustomerTag.objects.filter(store=tag.store_id, tag=tag)
        # The timeline shows a customer's tags in the order of these ids, the deleted one among them.
        link_ids = dict(customer_tags.values_list("customer_id", "id"))
        # Before the rows for the events are read: they must no longer have the tag.
        customer_tags.delete()

        def before(row: Row) -> list[str]:
            others = [(item["id"], item["name"]) for item in row["tags"]]
            return [name for _, name in sorted([*others, (link_ids[row["id"]], tag.name)])]

        bulk.publish_updates(tag.store_id, keys, actor, "tags", before)
        pk = tag.pk
        tag.delete()  # sets `pk` to None, but the answer to DELETE shows the tag
        tag.pk = pk
    return tag


def _visible_key(name: str) -> str:
    """Return the key of a name. Raises Invalid `blank_tag` where nobody can see the name."""
    key = Tag.key_of(name)
    if not key:
        raise Invalid("blank_tag", "name")
    return key


def _lock(target: TenantQuerySet[Tag]) -> Tag:
    tag = target.of_one_store().select_for_update(of=("self",)).first()
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
    """Replace the customer's tags, in this order. A tag named twice counts once.

    Rows keep the order by their ids, so tags are only added at the end. When the tags that stay are in another
    order than before, all rows are written anew.
    """
    customer = edit.customer
    rows = CustomerTag.objects.filter(store=customer.store_id, customer=customer).order_by("id")
    new_pks = list(dict.fromkeys(tag.pk for tag in tags))
    old_pks = [] if edit.is_new else list(rows.values_list("tag_id", flat=True))
    if old_pks != new_pks:
        edit.record_child_change("tags", names_of(customer) if old_pks else [])
        staying_pks = [pk for pk in old_pks if pk in new_pks]
        if new_pks[: len(staying_pks)] != staying_pks:
            staying_pks = []
        if staying_pks != old_pks:
            rows.exclude(tag__in=staying_pks).delete()
        by_pk = {tag.pk: tag for tag in tags}
        added = [
            CustomerTag(store_id=customer.store_id, customer=customer, tag=by_pk[pk])
            for pk in new_pks[len(staying_pks) :]
        ]
        edit.record_new_rows("tags", added)
        if edit.collected is None:
            insert_many(added)
        else:
            edit.collected += added


def tags_named(store: Store, names: list[str]) -> list[Tag]:
    """Return the tags of these names. Create those that are missing in every spelling.

    Raises Invalid `blank_tag` for a name without a visible character.
    """
    keys = {Tag.key_of(name): name for name in reversed(names)}  # the first spelling wins
    if "" in keys:
        raise Invalid("blank_tag", "tags")
    by_key = _by_key(store, keys)
    # Sorted, to avoid deadlocks: a transaction that inserts a key waits for another that inserts the same.
    missing = [Tag(store=store, name=keys[key], key=key) for key in sorted(keys.keys() - by_key)]
    if missing:
        Tag.objects.bulk_create(missing, ignore_conflicts=True)  # of another request, just now
        by_key = _by_key(store, keys)
    return [by_key[Tag.key_of(name)] for name in names]


def _by_key(store: Store, keys: dict[str, str]) -> dict[str, Tag]:
    tags = Plan(Tag).for_store(store.pk).of_keys(*keys).order_by()
    return {tag.key: tag for tag in tags.instances()} if keys else {}


def tags_by_uid(store: Store, uids: list[uuid.UUID]) -> list[Tag]:
    """Return the tags of these ids. Raises Invalid `unknown_id` naming `tags.<i>.id` for an unknown one."""
    by_uid = {tag.uid: tag for tag in Tag.objects.filter(store=store, uid__in=uids)}
    for index, uid in enumerate(uids):
        if uid not in by_uid:
            raise Invalid("unknown_id", f"tags.{index}.id")
    return [by_uid[uid] for uid in uids]


def add_tag(target: CustomerQuerySet, actor: Actor, tag: Tag) -> bool:
    """Add one tag to the customer that `target` names. Return whether it was missing.

    Raises NotFound, and Conflict `changed_meanwhile` when the tag is deleted.
    """
    with unit_of_work():
        # The tag before the customer, see `reference_locks`.
        lock_all(Tag.objects.filter(store=tag.store_id), {tag.pk})
        edit = Edit(lock(target), actor)
        present = _tags_of(edit.customer)
        set_tags(edit, [*present, tag])
        edit.save_and_publish()
    return tag not in present


def remove_tag(target: CustomerQuerySet, actor: Actor, tag: Tag) -> bool:
    """Remove one tag from the customer that `target` names. Return whether it had the tag. Raises NotFound."""
    # No lock of the tag: removing it needs none, and if it is deleted meanwhile, it is removed as well.
    with editing(target, actor) as edit:
        present = _tags_of(edit.customer)
        set_tags(edit, [other for other in present if other != tag])
        edit.save_and_publish()
    return tag in present


def _tags_of(customer: Customer) -> list[Tag]:
    rows = CustomerTag.objects.filter(store=customer.store_id, customer=customer).order_by("id")
    return [row.tag for row in rows.select_related("tag")]
