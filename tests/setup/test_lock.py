"""`requirements.lock` against `pyproject.toml`, without asking any package index."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config.bootstrap import LOCK, ROOT

PIN = re.compile(
    r"^([a-z0-9._-]+)==([^ ;]+)(?: ; (.+?))? \\\n((?:    --hash=sha256:\S+(?: \\)?\n)+)", re.M
)


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"].values()
    return [
        Requirement(text)
        for group in (project["project"]["dependencies"], *groups)
        for text in group
    ]


def pins() -> dict[str, str]:
    return {name: version for name, version, _, _ in PIN.findall(LOCK.read_text())}


@pytest.mark.parametrize("wanted", declared(), ids=str)
def test_the_lock_pins_what_the_project_asks_for(wanted: Requirement) -> None:
    assert wanted.specifier.contains(pins()[canonicalize_name(wanted.name)])


def test_every_line_of_the_lock_is_a_pin_with_hashes_and_no_address() -> None:
    text = LOCK.read_text()
    assert PIN.sub("", text) == ""
    assert "://" not in text
    assert len(pins()) > 50
