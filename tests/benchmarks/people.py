"""Generated people: equal in each run, with common and rare names."""

from __future__ import annotations

import random
from dataclasses import dataclass


def words(text: str) -> list[str]:
    return text.split()


FIRST = words(
    "Maria James Sarah Michael Emma David Olivia Daniel Anna Thomas Sophie William Grace Jack Chloe Lucas Ella "
    "Noah Mia Liam Ruby Ethan Zoe Samuel Isla Henry Ivy Oscar Alice Leo Clara Max Nora Felix Eva Hugo Rose "
    "Arthur Jana Theo Lena Otto Ida Emil Greta Anton Frida Karl Vera Bruno Ada Casper Edith Dario Flora Egon "
    "Hilda Fabian Irma Gustav Juno Hector Kaia Igor Lotte Jasper Magda Kilian Nelly Lorenz Odile Milo Paula "
    "Nestor Quinn Orson Renata Pascal Selma Quentin Thea Rufus Ursula Silas Viola Tobias Wanda Ulrich Xenia "
    "Victor Yara Werner Zelda Xavier Agnes Yannick Beate Zeno Carla"
)
LAST = words(
    "Smith Jones Nguyen Brown Wilson Taylor Lee Martin White Walker Young King Wright Scott Green Baker Adams "
    "Nelson Carter Mitchell Turner Parker Collins Edwards Stewart Morris Murphy Cook Rogers Morgan Cooper Reed "
    "Bailey Bell Kelly Howard Ward Cox Richardson Watson Brooks Bennett Gray Hughes Price Myers Long Foster "
    "Sanders Ross Powell Sullivan Russell Ortiz Jenkins Perry Butler Barnes Fisher Henderson Coleman Simmons "
    "Patterson Jordan Reynolds Hamilton Graham Wallace Woods Cole West Owens Gibson Ellis Tran Hoffmann Fuchs "
    "Vogel Keller Berger Winkler Lorenz Busch Haas Kraus Seidel Arnold Pohl Engel Horn Sauer Arndt Kuhn"
)
SYLLABLES = words("ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu za bri cla dre fle")
OLD_NAME = "Wilhelmina"  # once common: the newest customers do not have it
RARE_NAME = "Quetzalcoatl"  # one in a hundred thousand
STREETS = words("George Pitt King Queen Market Bridge Park Station High Church Victoria Albert")
CITIES = (
    ("Sydney", "New South Wales", "NSW", "2000"),
    ("Melbourne", "Victoria", "VIC", "3000"),
    ("Brisbane", "Queensland", "QLD", "4000"),
    ("Perth", "Western Australia", "WA", "6000"),
    ("Hobart", "Tasmania", "TAS", "7000"),
)
PRODUCTS = [f"{kind} no. {n}" for kind in ("Loaf", "Tart", "Cabinet", "Coffee") for n in range(25)]


@dataclass(frozen=True)
class Person:
    first: str
    last: str
    email: str
    mobile: str  # nine digits, as after +61
    company: str


def skewed_choice(draw: random.Random, things: list[str]) -> str:
    """Choose early items often and late items rarely."""
    return things[int(draw.random() ** 2 * len(things))]


def invented_name(draw: random.Random) -> str:
    return "".join(draw.choices(SYLLABLES, k=3)).capitalize()


def person(draw: random.Random, number: int, of: int) -> Person:
    first = OLD_NAME if number < of // 5 and draw.random() < 0.05 else skewed_choice(draw, FIRST)
    last = skewed_choice(draw, LAST) if draw.random() < 0.7 else invented_name(draw)
    if number % 100_000 == min(77, of - 1):
        last = RARE_NAME
    company = (
        f"{invented_name(draw)} {skewed_choice(draw, LAST)} Pty Ltd" if draw.random() < 0.2 else ""
    )
    email = f"{first}.{last}.{number}@example.com".lower()
    return Person(first, last, email, f"4{number * 7919 % 100_000_000:08d}", company)


def orders_of(draw: random.Random, number: int) -> int:
    """Return a customer's number of orders: 5 on average, often 0, and 1,000 for one in 10,000."""
    if number % 10_000 == 41:  # some of them in the large store
        return 1_000
    return int(draw.random() ** 3 * 20)
