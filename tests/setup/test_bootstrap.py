"""`manage.py` on a machine that has only Python."""

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

BARE = [sys.executable, "-S", "-E"]  # without site-packages and so without Django


@pytest.fixture
def bare_clone(tmp_path: Path) -> Path:
    """Create a project with empty locks, so that its set-up needs no network."""
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


def test_quickstart_creates_and_enters_its_environment(bare_clone: Path) -> None:
    done = manage(bare_clone, "quickstart")

    assert (bare_clone / ".venv/bin/python").exists()
    assert "Installing requirements.lock, requirements-demo.lock into .venv" in done.stderr
    assert installed_locks(bare_clone) == {"requirements.lock", "requirements-demo.lock"}
    # The new interpreter runs the same check, and reports it instead of starting again.
    assert done.stderr.strip().splitlines()[-1].startswith("The packages in .venv are incomplete")
    assert done.returncode == 1
    assert done.stdout == ""


def installed_locks(clone: Path) -> set[str]:
    lines = (clone / ".venv/installed.sha256").read_text().splitlines()
    return {line.split("  ")[1] for line in lines}


def test_test_command_adds_its_packages(bare_clone: Path) -> None:
    manage(bare_clone, "quickstart")
    done = manage(bare_clone, "test")

    assert "Making .venv" not in done.stderr
    assert "requirements-dev.lock into .venv" in done.stderr
    assert installed_locks(bare_clone) == set(bootstrap.LOCKS["test"])


def test_changed_lock_is_installed_again(bare_clone: Path) -> None:
    manage(bare_clone, "quickstart")
    assert "Installing" not in manage(bare_clone, "quickstart").stderr
    (bare_clone / "requirements-demo.lock").write_text("# changed\n")
    assert "Installing" in manage(bare_clone, "quickstart").stderr


def test_failed_install_names_the_log_of_pip(bare_clone: Path) -> None:
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


def test_other_commands_refer_to_quickstart(bare_clone: Path) -> None:
    done = manage(bare_clone, "migrate")

    assert done.returncode == 1
    assert done.stderr == (
        "Django is not installed. This sets up everything: python3 manage.py quickstart\n"
    )
    assert not (bare_clone / ".venv").exists()
    assert not (bare_clone / ".env").exists()


def test_old_python_is_refused_with_the_version(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (9, 9))
    with pytest.raises(SystemExit) as stop:
        bootstrap.prepare("quickstart")
    assert stop.value.code == 1
    assert "Clientele needs Python 9.9 or newer" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["manage.py", "config/bootstrap.py", "config/__init__.py"])
def test_bootstrap_parses_on_old_python(name: str) -> None:
    ast.parse((bootstrap.ROOT / name).read_text(), feature_version=(3, 6))


def test_missing_venv_module_names_the_package(
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


def test_secret_key_is_generated_once_and_private(dotenv: Path) -> None:
    bootstrap.ensure_secret_key()
    written = dotenv.read_text()
    bootstrap.ensure_secret_key()

    assert dotenv.read_text() == written
    assert written.startswith("SECRET_KEY=")
    assert len(written) > 60
    assert stat.S_IMODE(dotenv.stat().st_mode) == 0o600


@pytest.mark.parametrize("empty", ["SECRET_KEY=", 'export SECRET_KEY = ""', "SECRET_KEY=\n#x"])
def test_empty_secret_key_is_filled(dotenv: Path, empty: str) -> None:
    dotenv.write_text(f"DEBUG=true\n{empty}\nHTTPS=false\n")
    bootstrap.ensure_secret_key()

    lines = dotenv.read_text().splitlines()
    assert sum("SECRET_KEY" in line for line in lines) == 1
    assert {"DEBUG=true", "HTTPS=false"} < set(lines)
    assert len(lines[0]) > 60


@pytest.mark.parametrize("line", ["SECRET_KEY=mine", "export SECRET_KEY='mine'"])
def test_secret_key_in_the_file_is_kept(dotenv: Path, line: str) -> None:
    dotenv.write_text(line)
    bootstrap.ensure_secret_key()
    assert dotenv.read_text() == line


def test_unreadable_env_file_is_reported_in_one_line(
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


def test_secret_key_in_the_environment_needs_no_file(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "mine")
    bootstrap.ensure_secret_key()
    assert not dotenv.exists()
