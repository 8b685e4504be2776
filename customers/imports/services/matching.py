"""Find the customer that a row is about: by our id, its id elsewhere, e-mail, or phone with a similar name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from customers.canonical import fold
from customers.imports.drafts import Draft, Issue
from customers.imports.services.seen import Seen
from customers.models import Customer
from customers.models.substring_search import INDEXED_LENGTH, ExternalIdPrefix
from stores.database.batches import each
from stores.models import Store

KINDS = ("external_id", "email", "phone", "score")
DEFAULT_KINDS = ("external_id", "email", "phone")
BY_UID = "our id"
Key = tuple[str, str]  # the kind of a key, and its value


@dataclass(frozen=True)
class Match:
    """The key of the customer that a row is about, how it was found, or why that is not clear."""

    customer: int | None = None
    by: str = ""
    issue: Issue | None = None


@dataclass
class Candidates:
    """The customers that a batch of rows may be about, each way by its key."""

    by_uid: dict[str, int]
    by_external_id: dict[str, list[int]]
    by_email: dict[str, int]
    by_phone: dict[str, list[int]]

    @property
    def keys(self) -> set[int]:
        lists = (*self.by_external_id.values(), *self.by_phone.values())
        return {
            *self.by_uid.values(),
            *self.by_email.values(),
            *(pk for pks in lists for pk in pks),
        }


def find_candidates(
    store: Store, drafts: list[Draft], kinds: Iterable[str], seen: Seen
) -> Candidates:
    phones = {phone for draft in drafts for phone in draft.phones} if "phone" in kinds else set()
    by_phone: dict[str, list[int]] = defaultdict(list)
    for phone, pk in seen.customers(sorted(phones)):
        by_phone[phone].append(pk)
    return Candidates(
        customers_by_uid(store, [draft.uid for draft in drafts if draft.uid]),
        customers_by_external_id(store, drafts) if "external_id" in kinds else {},
        customers_by_email(store, [draft.email_key for draft in drafts if draft.email_key]),
        by_phone,
    )


def customers_by_uid(store: Store, uids: list[str]) -> dict[str, int]:
    rows = Customer.objects.filter(store=store, uid__in=uids, merged_into=None)
    return {str(uid): pk for uid, pk in rows.values_list("uid", "pk")} if uids else {}


def customers_by_email(store: Store, keys: list[str]) -> dict[str, int]:
    if not keys:
        return {}
    rows = Customer.objects.live().filter(store=store, email_key__in=keys)
    return dict(rows.values_list("email_key", "pk"))


def customers_by_external_id(store: Store, drafts: list[Draft]) -> dict[str, list[int]]:
    ids = {draft.values["external_id"] for draft in drafts if draft.values.get("external_id")}
    found: dict[str, list[int]] = defaultdict(list)
    if not ids:
        return found
    rows = Customer.objects.live().filter(store=store).exclude(external_id="")
    # The index has only the beginnings, because an id may be longer than an index entry.
    starts = {text[:INDEXED_LENGTH] for text in ids}
    rows = rows.alias(start=ExternalIdPrefix("external_id")).filter(start__in=starts)
    for text, pk in rows.order_by("pk").values_list("external_id", "pk"):
        found[text].append(pk)
    return found


def match(
    draft: Draft, candidates: Candidates, kinds: Iterable[str], names: dict[int, str]
) -> Match:
    """Return the match of a row; the first kind of key that finds somebody decides."""
    if pk := candidates.by_uid.get(draft.uid):  # an unknown one is that of another book
        return Match(pk, BY_UID)
    for kind, pks in found_by(draft, candidates, kinds, names):
        # Several customers have this key. A later kind must not decide between them: it may find a third.
        if len(pks) > 1:
            return Match(issue=Issue.of("ambiguous", key=kind.replace("_", " ")))
        if pks:
            return Match(pks[0], kind)
    return Match()


def found_by(
    draft: Draft, candidates: Candidates, kinds: Iterable[str], names: dict[int, str]
) -> Iterator[tuple[str, list[int]]]:
    if "external_id" in kinds:
        yield (
            "external_id",
            candidates.by_external_id.get(draft.values.get("external_id") or "", []),
        )
    if "email" in kinds and draft.email_key in candidates.by_email:
        yield "email", [candidates.by_email[draft.email_key]]
    if "phone" in kinds:
        pks = {pk for phone in draft.phones for pk in candidates.by_phone.get(phone, ())}
        yield (
            "phone",
            [pk for pk in sorted(pks) if is_similar(draft.folded_name, names.get(pk, ""))],
        )


def find_merged(store: Store, drafts: list[Draft], kinds: Iterable[str]) -> dict[Key, int]:
    """Return the survivors of merged customers that a batch of rows may be about, by the keys of the merged."""
    keys = {key for draft in drafts for key in keys_of_merged(draft, kinds)}
    if not keys:
        return {}
    kinds_asked = (BY_UID, "external_id", "email")
    uids, ids, emails = ([value for name, value in keys if name == kind] for kind in kinds_asked)
    merged = Customer.objects.filter(store=store).exclude(merged_into=None)
    rows = merged.filter(Q(uid__in=uids) | Q(external_id__in=ids) | Q(email_key__in=emails))
    found: dict[Key, int] = {}
    for uid, text, email, pk in rows.values_list("uid", "external_id", "email_key", "merged_into"):
        named = {(BY_UID, str(uid)), ("external_id", text), ("email", email)}
        found |= dict.fromkeys(named & keys, pk or 0)
    return found


def keys_of_merged(draft: Draft, kinds: Iterable[str]) -> list[Key]:
    """Return what a row may name a merged customer by, the surest first."""
    keys = {
        BY_UID: draft.uid,
        "external_id": draft.values.get("external_id"),
        "email": draft.email_key,
    }
    return [(kind, key) for kind, key in keys.items() if key and kind in (BY_UID, *kinds)]


def match_merged(draft: Draft, match: Match, merged: dict[Key, int]) -> Match | None:
    """Return the survivor, found by the key of a customer that was merged into it.

    Only our own id says more than a key that finds a live customer.
    """
    for kind, key in keys_of_merged(draft, KINDS) if merged else ():
        if (kind, key) in merged and (kind == BY_UID or match == Match()):
            return Match(merged[kind, key], kind)
    return None


def is_similar(first: str, second: str) -> bool:
    """Return True where the words of one folded name, or their initials, are in the other."""
    words, others = first.replace(".", " ").split(), second.replace(".", " ").split()
    few, many = sorted((words, others), key=len)
    return bool(few) and all(any(is_same_word(word, other) for other in many) for word in few)


def is_same_word(first: str, second: str) -> bool:
    return first == second or (1 in (len(first), len(second)) and first[0] == second[0])


def remember_phones(store: Store, seen: Seen) -> None:
    """Remember the phones of all live customers of the store."""
    rows = Customer.objects.live().filter(store=store).exclude(phone_e164="")
    seen.remember_phones(
        (row["phone_e164"], row["pk"]) for row in each(rows.values("pk", "phone_e164"))
    )


def name_of(customer: Customer) -> str:
    return fold(customer.name or customer.company)
