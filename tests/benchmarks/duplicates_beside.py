"""Measure the search for duplicates beside splink and recordlinkage's ECM, on the sets of FEBRL.

`python -m tests.benchmarks.duplicates_beside --febrl FOLDER`. Both are used as their documents show for these
sets. They are no dependencies of this project: README.md says how to install them in a folder of their own.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.benchmarks.duplicates import FEBRL, Result, febrl, rows

ID = "soc_sec_id"
BLOCKS = (
    ID,
    "given_name",
    "surname",
    "date_of_birth",
    "postcode",
)  # of splink's document on FEBRL 3
Files = list[list[dict[str, Any]]]  # the rows of each file of a set
Scores = list[tuple[float, str, str]]  # a score of a pair and the record ids of its two rows


def splink_scores(files: Files, *, with_id: bool) -> Scores:
    """Return the match weights of splink, whose documents have a model for one file and one for two.

    Without the id, the street takes its place: it would know less than the others.
    """
    splink, pyarrow = import_module("splink"), import_module("pyarrow")
    database = splink.DuckDBAPI()
    tables = [database.register(pyarrow.Table.from_pylist(file)) for file in files]
    link = len(files) > 1
    settings = splink.SettingsCreator(
        unique_id_column_name="rec_id",
        link_type="link_only" if link else "dedupe_only",
        blocking_rules_to_generate_predictions=splink_blocks(with_id=with_id, link=link),
        comparisons=splink_comparisons(with_id=with_id, link=link),
    )
    linker = splink.Linker(tables if link else tables[0], settings)
    train(linker, with_id=with_id, link=link)
    found = linker.inference.predict().as_record_list()
    return [(row["match_weight"], row["rec_id_l"], row["rec_id_r"]) for row in found]


def splink_blocks(*, with_id: bool, link: bool) -> list[Any]:
    block_on = import_module("splink").block_on
    if not link:
        return [block_on(column) for column in BLOCKS if with_id or column != ID]
    return [
        block_on("given_name", "surname"),
        "l.given_name = r.surname and l.surname = r.given_name",
        block_on("date_of_birth"),
        *([block_on(ID)] if with_id else []),
        block_on("state", "address_1"),
        block_on("street_number", "address_1"),
        block_on("postcode"),
    ]


def splink_comparisons(*, with_id: bool, link: bool) -> list[Any]:
    library = import_module("splink.comparison_library")
    distances = [1, 2] if link else [2]
    names = [library.NameComparison(name) for name in ("given_name", "surname")]
    if link:
        names = [name.configure(term_frequency_adjustments=True) for name in names]
        postcode = library.DamerauLevenshteinAtThresholds("postcode", distances)
    else:
        postcode = library.ExactMatch("postcode")
    return [
        *names,
        library.DateOfBirthComparison(
            "date_of_birth",
            input_is_string=True,
            datetime_format="%Y%m%d",
            invalid_dates_as_null=link,
        ),
        library.DamerauLevenshteinAtThresholds(ID, distances)
        if with_id
        else library.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
        library.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        postcode.configure(term_frequency_adjustments=True),
    ]


def train(linker: Any, *, with_id: bool, link: bool) -> None:
    block_on = import_module("splink").block_on
    certain = [block_on("given_name", "surname", "date_of_birth")]
    if with_id:
        certain.append(block_on(ID))
    if not link:
        swapped = "l.given_name = r.surname and l.surname = r.given_name"
        certain.append(f"{swapped} and l.date_of_birth = r.date_of_birth")
    training = linker.training
    training.estimate_probability_two_random_records_match(certain, recall=0.8 if link else 0.9)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for column in ("date_of_birth", "postcode"):
        training.estimate_parameters_using_expectation_maximisation(
            block_on(column), estimate_without_term_frequencies=link
        )


def ecm_scores(files: Files, *, with_id: bool) -> Scores:
    """Return probabilities of recordlinkage's ECM, with the comparisons of its guides to FEBRL.

    The guides block on the first name alone, which loses every fourth pair: splink's columns are used instead.
    """
    recordlinkage, pandas = import_module("recordlinkage"), import_module("pandas")
    frames = [pandas.DataFrame(file).set_index("rec_id") for file in files]
    index, compare = recordlinkage.Index(), recordlinkage.Compare()
    for column in BLOCKS:
        if with_id or column != ID:
            index.block(column)
    for column in ("given_name", "date_of_birth", "suburb", "state", *([ID] if with_id else [])):
        compare.exact(column, column, label=column)
    compare.string("surname", "surname", method="jarowinkler", threshold=0.85, label="surname")
    compare.string("address_1", "address_1", threshold=0.85, label="address_1")
    features = compare.compute(index.index(*frames), *frames)
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(features)
    found = classifier.prob(features)
    return [(score, *pair) for pair, score in found.items()]


TOOLS: dict[str, tuple[str, Callable[..., Scores], float]] = {
    "splink": ("splink", splink_scores, 0.0),  # its weights are bits: 0 is as likely as not
    "ECM": ("recordlinkage", ecm_scores, 0.5),
}


def result_of(score: Callable[..., Scores], files: Files, true: int, *, with_id: bool) -> Result:
    begun = time.perf_counter()
    found = score(files, with_id=with_id)
    seconds = time.perf_counter() - begun
    ranked = sorted(((bits, is_same(one, other)) for bits, one, other in found), reverse=True)
    return Result(ranked, true, sum(same for _, same in ranked), seconds)


def is_same(one: str, other: str) -> bool:
    """Return whether two records are one person: their ids are like rec-12-org and rec-12-dup-0."""
    return one.split("-")[1] == other.split("-")[1]


def line(name: str, result: Result, least: float) -> str:
    at_least = result.at(least)[2]
    return (
        f"  {name:8} best F1 {result.best_f1():.4f}, at its own threshold {at_least:.4f},"
        f" {len(result.scores):>7} pairs, {result.seconds:.1f} s\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--febrl", type=Path, required=True, help="folder with dataset1.csv …")
    folder = parser.parse_args().febrl
    tools = {name: tool for name, tool in TOOLS.items() if find_spec(tool[0])}
    if not tools:
        parser.error("Install splink or recordlinkage first: tests/benchmarks/README.md says how.")
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    for name, names_of_files in FEBRL.items():
        paths = [folder / file for file in names_of_files]
        files = [[{k: v or None for k, v in row.items()} for row in rows(path)] for path in paths]
        for with_id in (True, False):
            sys.stdout.write(f"{name}, {'with' if with_id else 'without'} id\n")
            ours = febrl(paths, with_id=with_id)
            sys.stdout.write(line("here", ours, 0.0))
            for tool, (_, score, least) in tools.items():
                result = result_of(score, files, ours.true, with_id=with_id)
                sys.stdout.write(line(tool, result, least))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
