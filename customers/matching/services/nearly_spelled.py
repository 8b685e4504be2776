"""Find customers who are spelled nearly like a text that finds nobody: "Did you mean …"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from operator import itemgetter

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from customers.canonical import email_key, fold, search_digits
from customers.match_keys.keys import PHONE_DIGITS, hash_of, sounds
from customers.match_keys.profiles import WORD
from customers.models import Customer, CustomerWords, MatchKey
from customers.models.customer_words import TRIGRAM
from stores.database.key_lists import in_keys

MAX_NEAR = 5
# Bounds of the cost: stores that are asked, letters and words that are varied, and rows that are compared.
MAX_STORES, MAX_LETTERS, MAX_WORDS, MAX_COMPARED = 10, 60, 4, 500
LEAST_PHONE_DIGITS = 6
DIGITS, LETTERS = "0123456789", "abcdefghijklmnopqrstuvwxyz0123456789.-_+@"
LEAST_RATIO = 75  # one other letter in a word of four


def nearly_spelled(text: str, store_ids: Sequence[int]) -> list[Customer]:
    """Return at most five live customers of these stores, the nearest first.

    Their phone has one other digit or two swapped ones, their e-mail one other letter, or each word is nearly
    one of theirs. Only the first `MAX_STORES` stores are asked.
    """
    stores, folded = store_ids[:MAX_STORES], fold(text)[:MAX_LETTERS]
    if digits := search_digits(text).lstrip("0"):
        keys = keys_of_phones(digits, stores) if len(digits) >= LEAST_PHONE_DIGITS else []
    elif "@" in folded:
        keys = keys_of_emails(folded, stores)
    else:
        keys = keys_of_names(WORD.findall(folded)[:MAX_WORDS], stores)
    live = Customer.objects.live().filter(in_keys("pk", keys), store__in=stores)
    rows = {customer.pk: customer for customer in live.select_related("store")}
    return [rows[key] for key in keys if key in rows][:MAX_NEAR]


def keys_of_phones(digits: str, stores: Sequence[int]) -> list[int]:
    """Return customers with one other digit. A number may be written without dial and area codes."""
    texts = {f"p/{tail}" for tail in variants(digits[-PHONE_DIGITS:], DIGITS, same_length=True)}
    found = with_match_keys(texts, stores)
    rows = Customer.objects.filter(in_keys("pk", found), store__in=stores)
    numbers = rows.values_list("pk", "phone_e164", "phone", "mobile")
    return [pk for pk, *others in numbers if is_near(digits, others)]


def is_near(digits: str, numbers: Iterable[str]) -> bool:
    others = [other for number in numbers if (other := search_digits(number).lstrip("0"))]
    lengths = [min(len(digits), len(other)) for other in others]
    return any(
        OSA.distance(digits[-length:], other[-length:]) <= 1
        for other, length in zip(others, lengths, strict=True)
    )


def keys_of_emails(email: str, stores: Sequence[int]) -> list[int]:
    with suppress(ValueError):  # the wrong letter may be what makes it invalid
        email = email_key(email)
    return sorted(with_match_keys((f"e/{one}" for one in variants(email, LETTERS)), stores))


def variants(text: str, letters: str, same_length: bool = False) -> set[str]:
    """Return the text, and all texts with one other letter, two swapped ones, one too many or one too few."""
    cuts = [(text[:i], text[i:]) for i in range(len(text) + 1)]
    found = {text}
    found |= {f"{a}{c}{b[1:]}" for a, b in cuts if b for c in letters}
    found |= {f"{a}{b[1]}{b[0]}{b[2:]}" for a, b in cuts if len(b) > 1}
    if not same_length:
        found |= {f"{a}{b[1:]}" for a, b in cuts if b}
        found |= {f"{a}{c}{b}" for a, b in cuts for c in letters}
    return found


def with_match_keys(texts: Iterable[str], stores: Sequence[int]) -> set[int]:
    """Return the customers with one of these match keys, at most `MAX_COMPARED`."""
    rows = MatchKey.objects.filter(in_keys("hash", set(map(hash_of, texts))), store__in=stores)
    return set(rows.values_list("customer", flat=True)[:MAX_COMPARED])


def keys_of_names(words: list[str], stores: Sequence[int]) -> list[int]:
    """Return customers who have each word nearly so, the nearest first.

    One wrong letter leaves one half of its word right, and often the sound of the whole name.
    """
    if not words:
        return []
    rows = CustomerWords.objects.filter(store__in=stores)
    alike = with_match_keys(sounds_of_name(words), stores)
    halved = rows.having([halves(word) for word in words]).values_list("customer", "words")
    sounding = rows.filter(in_keys("customer", alike)).values_list("customer", "words")
    texts = dict([*halved[:MAX_COMPARED], *sounding])
    scores = {key: nearness(words, set(WORD.findall(text))) for key, text in texts.items()}
    ranked = sorted(((-score, key) for key, score in scores.items() if score), key=itemgetter(0, 1))
    return [key for _, key in ranked]


def halves(word: str) -> list[str]:
    """Return two parts of a word that are long enough for the index; a short word as it is."""
    if len(word) <= TRIGRAM:
        return [word]
    middle = max(len(word) // 2, TRIGRAM)
    return [word[:middle], word[-middle:]]


def sounds_of_name(words: list[str]) -> Iterator[str]:
    if len(words) == 2:
        first, last = (sounds(word)[0] for word in words)
        yield "n/" + "/".join(sorted([first, last]))


def nearness(words: list[str], others: set[str]) -> float:
    """Return how like the words are to the nearest of others, 100 each; 0 when one is like none."""
    best = [max(ratio(word, other) for other in others) for word in words] if others else [0]
    return sum(best) if min(best) >= LEAST_RATIO else 0
