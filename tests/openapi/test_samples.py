"""The examples of the documents are real: recorded calls of the golden stories.

`pytest --rewrite-golden tests/openapi/test_samples.py` records them anew; review the diff.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.db import transaction

from customers.api.openapi.document import document
from customers.api.openapi.samples import FILE
from customers.dialects import packages
from tests.conformance.test_golden import STORIES
from tests.openapi.recording import Recorder

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def stories_of(name: str) -> list[Path]:
    """Return a dialect's stories. Those about creates come first: they send most."""
    stories = [path for path in STORIES if path.parent.name == name]
    return sorted(stories, key=lambda path: (not path.name.startswith("create"), path.name))


def play_alone(recorder: Recorder, story: Path) -> None:
    """Play a story and undo it: some values may be there once in all stores."""
    with transaction.atomic():
        recorder.play(json.loads(story.read_text()))
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", packages())
def test_examples_are_recorded_calls(db, name, pytestconfig):
    recorder = Recorder(name)
    with time_machine.travel(NOW, tick=False):
        for path in stories_of(name):
            play_alone(recorder, path)
    file = ROOT.joinpath(*packages()[name].split("."), FILE)
    if pytestconfig.getoption("rewrite_golden"):
        file.write_text(json.dumps(recorder.calls, indent=2, ensure_ascii=False) + "\n")
    assert json.loads(file.read_text()) == recorder.calls


@pytest.mark.parametrize("name", packages())
def test_every_body_has_an_example(name):
    for path in document(packages()[name])["paths"].values():
        for operation in path.values():
            success = next(one for status, one in operation["responses"].items() if status < "300")
            for body in (operation.get("requestBody", {}), success):
                for content in body.get("content", {}).values():
                    assert "example" in content, operation["operationId"]
