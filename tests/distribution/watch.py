"""Holds every statement that the product makes against the grammar, while tests run on PostgreSQL."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import connection

from tests.distribution.exceptions import is_excepted
from tests.distribution.grammar import Fault, faults, faults_of_no_row

ROOT = str(settings.BASE_DIR) + "/"
PRODUCT = tuple(f"{ROOT}{name}/" for name in ("config", "customers", "orders", "stores"))
TESTS = f"{ROOT}tests/"
# What runs the statements of others: who called it counts.
TRANSPORT = (f"{ROOT}stores/database/", f"{ROOT}stores/models/")


@dataclass
class Watch:
    """The faults of statements so far, each with where it was made."""

    found: dict[tuple[Fault, str], str] = field(default_factory=dict)

    def execute(self, run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        broken = faults(sql)
        answer = run(sql, params, many, context)
        if context["cursor"].rowcount == 0:
            broken = (*broken, *faults_of_no_row(sql))
        if broken and (frames := product_frames(inspect.currentframe())):
            for fault in broken:
                if not is_excepted(fault, frames):
                    caller = next(one for one in frames if not is_transport(one))
                    self.found.setdefault((fault, place(caller)), sql)
        return answer

    def report(self) -> str:
        return "\n\n".join(
            f"{where}: {fault.rule} ({fault.table})\n{sql}"
            for (fault, where), sql in self.found.items()
        )


def product_frames(frame: FrameType | None) -> list[FrameType]:
    """The product's functions that are running, innermost first; none when a test made the statement."""
    frames = []
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith((*PRODUCT, TESTS)) and name != __file__:
            frames.append(frame)
        frame = frame.f_back
    made_by = next((one for one in frames if not is_transport(one)), None)
    if made_by is None or made_by.f_code.co_filename.startswith(TESTS):
        return []
    return [one for one in frames if not one.f_code.co_filename.startswith(TESTS)]


def is_transport(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(TRANSPORT)


def place(frame: FrameType) -> str:
    path = Path(frame.f_code.co_filename).relative_to(settings.BASE_DIR)
    return f"{path}:{frame.f_lineno} {frame.f_code.co_qualname}"


@contextmanager
def watching() -> Iterator[None]:
    """Raises AssertionError at its end when a statement within broke a rule."""
    watch = Watch()
    with connection.execute_wrapper(watch.execute):
        yield
    assert not watch.found, (
        f"These statements do not run on a distributed book:\n\n{watch.report()}"
    )
