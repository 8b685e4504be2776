"""A made-up book of customers for duplicates: families who share homes and phones, and people entered twice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations

from nicknames import NickNamer

from customers.match_keys import Profile, profile_of
from tests.benchmarks.people import FIRST, LAST, STREETS, SYLLABLES, skewed_choice

LETTERS = "abcdefghijklmnopqrstuvwxyz"
KINDS = ("Street", "St", "Road", "Rd", "Avenue", "Lane")
PROVIDERS = ("gmail.example", "mail.example", "web.example", "post.example")
SHARE_A_HOME = SHARE_A_PHONE = 0.25
HAVE_BIRTHDAY = 0.12
ENTERED_TWICE = 0.12
NICKNAMES = NickNamer()


@dataclass(frozen=True)
class Person:
    first: str
    last: str
    email: str
    phone: str
    street: str
    postcode: str
    town: str
    born: date | None

    @property
    def profile(self) -> Profile:
        blank = dict.fromkeys(("name", "company", "phone_e164", "mobile", "tax_id"), "")
        row = blank | {"first_name": self.first, "last_name": self.last, "phone": self.phone}
        address = {"line1": self.street, "line2": "", "postcode": self.postcode, "city": self.town}
        return profile_of(row | {"email_key": self.email, "birth_date": self.born}, [address])


class Book:
    """Profiles of `rows` customers, and the pairs of places in the list that are one person."""

    def __init__(self, rows: int, seed: int = 7) -> None:
        self._draw = random.Random(seed)
        self._emails: set[str] = set()
        self._towns = [self.invented(4) for _ in range(200)]
        self.profiles: list[Profile] = []
        self.pairs: set[tuple[int, int]] = set()
        while len(self.profiles) < rows:
            for person in self.household():
                self.enter(person)
        places = list(range(len(self.profiles)))
        self._draw.shuffle(places)
        shuffled = {old: new for new, old in enumerate(places)}
        self.profiles = [self.profiles[old] for old in places]
        self.pairs = {
            (min(shuffled[a], shuffled[b]), max(shuffled[a], shuffled[b])) for a, b in self.pairs
        }

    def enter(self, person: Person) -> None:
        """Enter a person once, or twice and more often in other words."""
        first = len(self.profiles)
        self.profiles.append(person.profile)
        while self._draw.random() < ENTERED_TWICE:
            self.profiles.append(self.entered_again(person).profile)
        self.pairs.update(combinations(range(first, len(self.profiles)), 2))

    def household(self) -> Iterator[Person]:
        size = self._draw.choice((2, 2, 3, 4)) if self._draw.random() < SHARE_A_HOME / 2 else 1
        head = self.person()
        share_a_phone = self._draw.random() < SHARE_A_PHONE
        yield head
        for _ in range(size - 1):
            other = self.person()
            last = head.last if self._draw.random() < 0.8 else other.last
            phone = head.phone if share_a_phone else other.phone
            home = {"street": head.street, "postcode": head.postcode, "town": head.town}
            yield replace(
                other, last=last, phone=phone, email=self.email(other.first, last), **home
            )

    def person(self) -> Person:
        draw = self._draw
        first = draw.choice(FIRST) if draw.random() < 0.85 else self.invented(2)
        last = skewed_choice(draw, LAST) if draw.random() < 0.35 else self.invented(3)
        born = date(1940, 1, 1) + timedelta(days=draw.randrange(25_000))
        has_birthday = draw.random() < HAVE_BIRTHDAY
        return Person(
            first,
            last,
            self.email(first, last),
            self.phone(),
            *self.home(),
            born if has_birthday else None,
        )

    def home(self) -> tuple[str, str, str]:
        draw = self._draw
        area = draw.randrange(600)
        name = draw.choice(STREETS) if draw.random() < 0.3 else self.invented(2)
        street = f"{draw.randrange(1, 200)} {name} {draw.choice(KINDS)}"
        return street, str(2000 + area), self._towns[area // 3]

    def invented(self, syllables: int) -> str:
        return "".join(self._draw.choices(SYLLABLES, k=syllables)).capitalize()

    def phone(self) -> str:
        return f"04{self._draw.randrange(10**8):08d}"

    def email(self, first: str, last: str) -> str:
        """Return an address that nobody else of the book has, as in a store; one in five people gives none."""
        draw = self._draw
        if draw.random() < 0.2:
            return ""
        number = draw.randrange(90)
        forms = (f"{first}.{last}", f"{first}{last[:1]}{number}", f"{last}{number}")
        return self.free(draw.choice(forms).lower())

    def free(self, local: str) -> str:
        provider = self._draw.choice(PROVIDERS)
        email = f"{local}@{provider}"
        while email in self._emails:
            email = f"{local}{self._draw.randrange(10_000)}@{provider}"
        self._emails.add(email)
        return email

    def other_email(self, person: Person) -> str:
        """Return what somebody gives the second time: none, the same name at another provider, or a new one."""
        local, kind = person.email.rpartition("@")[0], self._draw.random()
        if kind < 0.5:
            return ""
        return self.free(local) if local and kind < 0.7 else self.email(person.first, person.last)

    def entered_again(self, person: Person) -> Person:
        """Return the person as somebody else writes them, later: typos, a nickname, moved, married."""
        changes = (
            (0.30, self.with_typo),
            (0.15, self.with_nickname),
            (0.05, lambda one: replace(one, first=one.last, last=one.first)),
            (0.06, lambda one: replace(one, last=self.person().last)),
            (0.20, self.moved),
            (1.00, lambda one: replace(one, email=self.other_email(one))),
            (0.20, lambda one: replace(one, phone=self.phone())),
            (0.15, lambda one: replace(one, phone="")),
            (0.50, lambda one: replace(one, born=None)),
        )
        for chance, change in changes:
            if self._draw.random() < chance:
                person = change(person)
        return person

    def with_typo(self, person: Person) -> Person:
        name = self._draw.choice(("first", "last", "street"))
        return replace(person, **{name: self.typo(getattr(person, name))})

    def typo(self, text: str) -> str:
        place = self._draw.randrange(1, max(len(text) - 1, 2))
        letter = self._draw.choice(LETTERS)
        forms = (
            text[:place] + letter + text[place:],
            text[:place] + text[place + 1 :],
            text[:place] + letter + text[place + 1 :],
            text[:place] + text[place : place + 2][::-1] + text[place + 2 :],
        )
        return self._draw.choice(forms)

    def with_nickname(self, person: Person) -> Person:
        forms = sorted(NICKNAMES.nicknames_of(person.first.lower()))
        return replace(person, first=self._draw.choice(forms)) if forms else person

    def moved(self, person: Person) -> Person:
        street, postcode, town = self.home()
        return replace(person, street=street, postcode=postcode, town=town)
