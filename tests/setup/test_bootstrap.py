"""What `manage.py` does on a machine that has Python and nothing else."""

from __future__ import annotations

import ast
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import bootstrap

BARE = [sys.executable, "-S", "-E"]  # without site-packages, so without Django


@pytest.fixture
def bare_clone(tmp_path: Path) -> Path:
    """A project whose locks ask for nothing, so that its set-up needs no network."""
    (tmp_path / "config").mkdir()
    for name in ("manage.py", "config/__init__.py", "config/bootstrap.py"):
        shutil.copy(bootstrap.ROOT / name, tmp_path / name)
    for lock in bootstrap.LOCKS["test"]:
        (tmp_path / lock).touch()
    return tmp_path


def manage(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    command = [*BARE, str(clone / "manage.py"), *arguments]
    return subprocess.run(command, cwd="/", env=env, capture_output=True, text=True, check=False)


def test_quickstart_makes_its_environment_and_goes_on_inside_it(bare_clone: Path) -> None:
    done = manage(bare_clone, "quickstart")

    assert (bare_clone / ".venv/bin/python").exists()
    assert "Installing requirements.lock, requirements-demo.lock into .venv" in done.stderr
    assert installed_locks(bare_clone) == {"requirements.lock", "requirements-demo.lock"}
    # Its own interpreter came to the same check, and says so instead of starting all over.
    assert done.stderr.strip().splitlines()[-1].startswith("The packages in .venv are incomplete")
    assert done.returncode == 1
    assert done.stdout == ""


def installed_locks(clone: Path) -> set[str]:
    lines = (clone / ".venv/installed.sha256").read_text().splitlines()
    return {line.split("  ")[1] for line in lines}


def test_test_adds_its_packages_to_those_of_quickstart(bare_clone: Path) -> None:
    manage(bare_clone, "quickstart")
    done = manage(bare_clone, "test")

    assert "Making .venv" not in done.stderr
    assert "requirements-dev.lock into .venv" in done.stderr
    assert installed_locks(bare_clone) == set(bootstrap.LOCKS["test"])


def test_a_changed_lock_is_installed_again(bare_clone: Path) -> None:
    manage(bare_clone, "quickstart")
    assert "Installing" not in manage(bare_clone, "quickstart").stderr
    (bare_clone / "requirements-demo.lock").write_text("# changed\n")
    assert "Installing" in manage(bare_clone, "quickstart").stderr


def test_what_pip_says_goes_to_a_log_that_a_failure_names(bare_clone: Path) -> None:
    (bare_clone / "requirements.lock").write_text("no requirement at all\n")
    done = manage(bare_clone, "quickstart")

    log = bare_clone / ".venv/install.log"
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"The packages could not be installed: see {log}; with a network, run this again."
    )
    assert "Invalid requirement" in log.read_text()
    assert "Invalid requirement" not in done.stderr
    assert not (bare_clone / ".venv/installed.sha256").exists()


def test_other_commands_set_up_nothing_and_name_the_one_that_does(bare_clone: Path) -> None:
    done = manage(bare_clone, "migrate")

    assert done.returncode == 1
    assert done.stderr == (
        "Django is not installed. This sets up everything: python3 manage.py quickstart\n"
    )
    assert not (bare_clone / ".venv").exists()
    assert not (bare_clone / ".env").exists()


def test_an_old_python_is_told_what_is_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (9, 9))
    with pytest.raises(SystemExit) as stop:
        bootstrap.prepare("quickstart")
    assert stop.value.code == 1
    assert "Clientele needs Python 9.9 or newer" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["manage.py", "config/bootstrap.py", "config/__init__.py"])
def test_an_old_python_can_read_what_tells_it_so(name: str) -> None:
    ast.parse((bootstrap.ROOT / name).read_text(), feature_version=(3, 6))


def test_a_missing_venv_module_has_a_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        bootstrap.make_venv()
    assert "apt-get install python3-venv" in capsys.readouterr().err


# --- the secret key


@pytest.fixture
def dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SECRET_KEY")
    monkeypatch.setattr(bootstrap, "DOTENV", tmp_path / ".env")
    return tmp_path / ".env"


def test_a_random_secret_key_is_written_once_for_its_owner_only(dotenv: Path) -> None:
    bootstrap.ensure_secret_key()
    written = dotenv.read_text()
    bootstrap.ensure_secret_key()

    assert dotenv.read_text() == written
    assert written.startswith("SECRET_KEY=")
    assert len(written) > 60
    assert stat.S_IMODE(dotenv.stat().st_mode) == 0o600


@pytest.mark.parametrize("empty", ["SECRET_KEY=", 'export SECRET_KEY = ""', "SECRET_KEY=\n#x"])
def test_an_empty_secret_key_is_filled_and_the_rest_kept(dotenv: Path, empty: str) -> None:
    dotenv.write_text(f"DEBUG=true\n{empty}\nHTTPS=false\n")
    bootstrap.ensure_secret_key()

    lines = dotenv.read_text().splitlines()
    assert sum("SECRET_KEY" in line for line in lines) == 1
    assert {"DEBUG=true", "HTTPS=false"} < set(lines)
    assert len(lines[0]) > 60


@pytest.mark.parametrize("line", ["SECRET_KEY=mine", "export SECRET_KEY='mine'"])
def test_a_secret_key_in_the_file_is_kept(dotenv: Path, line: str) -> None:
    dotenv.write_text(line)
    bootstrap.ensure_secret_key()
    assert dotenv.read_text() == line


def test_a_file_that_cannot_be_read_is_said_in_a_line(
    dotenv: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dotenv.write_bytes(b"NAME=caf\xe9")
    with pytest.raises(SystemExit):
        bootstrap.ensure_secret_key()
    dotenv.unlink()
    dotenv.mkdir()
    with pytest.raises(SystemExit):
        bootstrap.ensure_secret_key()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(".env cannot be read: ") for line in lines)


def test_a_secret_key_in_the_environment_needs_no_file(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "mine")
    bootstrap.ensure_secret_key()
    assert not dotenv.exists()
