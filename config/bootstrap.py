"""Makes `manage.py` runnable on a machine that has Python and nothing else.

It uses the standard library only, and no syntax newer than Python 3.6, so that an old Python can still
run it and print the error. It prints to stderr.
"""

import hashlib
import importlib.util
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOTENV = ROOT / ".env"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.sha256"  # a line for each lock that was installed to its end
INSTALL_LOG = VENV / "install.log"

OLDEST = (3, 11)
# Commands that install what is missing: the locks they need, and packages that show whether any is missing.
LOCKS = {
    "quickstart": ("requirements.lock", "requirements-demo.lock"),
    "test": ("requirements.lock", "requirements-demo.lock", "requirements-dev.lock"),
}
PACKAGES = {
    "quickstart": (
        "django",
        "environ",
        "rest_framework",
        "orjson",
        "gunicorn",
        "factory",
        "time_machine",
    ),
    "test": ("django", "environ", "rest_framework", "orjson", "pytest", "pytest_django"),
}
SECRET_KEY_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+)?SECRET_KEY[ \t]*=[ \t]*(.*)\n?", re.MULTILINE
)
NO_VENV = "Python's venv or pip is missing. On Debian and Ubuntu: apt-get install python3-venv"


def prepare(command: str) -> None:
    """Return if this interpreter can run the command; else run it in `.venv`, which is created if needed.

    Exits with a line that names the remedy when something is missing that it cannot install.
    """
    require_python()
    if command in LOCKS:
        ensure_secret_key()
    if is_runnable(command):
        return
    if command in LOCKS and not is_current(command):
        install(LOCKS[command])
    elif is_inside():
        stop("The packages in .venv are incomplete: delete that folder, then run this again.")
    if not PYTHON.exists():
        stop("Django is not installed. This sets up everything: python3 manage.py quickstart")
    arguments = [str(PYTHON), str(ROOT / "manage.py"), *sys.argv[1:]]
    os.execv(arguments[0], arguments)  # noqa: S606 - our own interpreter, no shell


def require_python() -> None:
    if sys.version_info < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        current = ".".join(map(str, sys.version_info[:2]))
        stop(
            f"Clientele needs Python {oldest} or newer, and this is {current}: run it with python{oldest}."
        )


def is_runnable(command: str) -> bool:
    """True when this interpreter has the packages; in `.venv` they must also be the locked ones."""
    if command in LOCKS and is_inside() and STAMP.exists() and not is_current(command):
        return False
    packages = PACKAGES.get(command, ("django",))
    return all(importlib.util.find_spec(package) for package in packages)


def is_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def is_current(command: str) -> bool:
    """True when `.venv` was installed from all locks of the command, as they are now."""
    return PYTHON.exists() and set(map(stamp_of, LOCKS[command])) <= installed_stamps()


def installed_stamps() -> "set[str]":
    return set(STAMP.read_text().splitlines()) if STAMP.exists() else set()


def stamp_of(lock: str) -> str:
    return f"{hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()}  {lock}"


def install(locks: "tuple[str, ...]") -> None:
    """Install the locks into `.venv` and add their stamps. Those of other locks stay."""
    if not PYTHON.exists():
        make_venv()
    pip = pip_command()
    say(f"Installing {', '.join(locks)} into .venv; this can take a minute …")
    # The locks name every package, so nothing is resolved; files are compiled when they are first imported.
    options = ["--require-hashes", "--no-deps", "--no-compile", "--disable-pip-version-check"]
    for lock in locks:
        options += ["-r", str(ROOT / lock)]
    if run_logged(*pip, "install", "--quiet", *options):
        stop(
            f"The packages could not be installed: see {INSTALL_LOG}; with a network, run this again."
        )
    other_stamps = {line for line in installed_stamps() if line.partition("  ")[2] not in locks}
    STAMP.write_text("\n".join(sorted({*other_stamps, *map(stamp_of, locks)})) + "\n")


def make_venv() -> None:
    if not importlib.util.find_spec("venv"):
        stop(NO_VENV)
    say("Making .venv …")
    if subprocess.call([sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)]):  # noqa: S603
        stop("The environment .venv could not be made, see above.")


def pip_command() -> "list[str]":
    """Return a pip that installs into `.venv`: this interpreter's, else the copy that comes with Python."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if run_logged(str(PYTHON), "-m", "ensurepip"):
        stop(NO_VENV)
    return [str(PYTHON), "-m", "pip"]


def ensure_secret_key() -> None:
    """Write a random SECRET_KEY to `.env` unless it or the environment has one."""
    if os.environ.get("SECRET_KEY"):
        return
    try:
        content = DOTENV.read_text(encoding="utf-8") if DOTENV.exists() else ""
    except (OSError, ValueError) as error:
        stop(f".env cannot be read: {error}")
    line = SECRET_KEY_LINE.search(content)
    if line and line.group(1).strip("'\" "):
        return
    say("Writing a random SECRET_KEY to .env …")
    other_lines = SECRET_KEY_LINE.sub(
        "", content
    )  # an empty SECRET_KEY before the new one would win
    key = f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
    with open(
        os.open(DOTENV, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(key + other_lines)


def run_logged(*command: str) -> int:
    """Run the program and return its exit status. Its output replaces the content of the log."""
    with open(INSTALL_LOG, "wb") as log:
        return subprocess.call(command, stdout=log, stderr=log)  # noqa: S603


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def stop(text: str) -> None:
    say(text)
    sys.exit(1)
