"""Makes `manage.py` runnable on a machine that has Python and nothing else.

Standard library only, and no syntax newer than Python 3.6, so that an old Python can still be told
what is wrong with it. All it says goes to stderr.
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
LOCK = ROOT / "requirements.lock"
DOTENV = ROOT / ".env"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.sha256"  # of the lock that was installed to its end

OLDEST = (3, 11)
# The commands that set up what is missing, and packages that show whether anything is.
SETTING_UP = {
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


def prepare(command: str) -> None:
    """Returns where this interpreter can run the command; else goes on in `.venv`, made if need be.

    Exits with one line that says the remedy where something is missing that it cannot get.
    """
    require_python()
    if command in SETTING_UP:
        ensure_secret_key()
    if is_runnable(command):
        return
    if command in SETTING_UP and not is_current():
        install()
    elif is_inside():
        stop("The packages in .venv are incomplete: delete that folder, then run this again.")
    if not PYTHON.exists():
        stop("Django is not installed. This sets up everything: python3 manage.py quickstart")
    arguments = [str(PYTHON), str(ROOT / "manage.py"), *sys.argv[1:]]
    os.execv(arguments[0], arguments)  # noqa: S606 - our own interpreter, no shell


def require_python() -> None:
    if sys.version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        found = ".".join(map(str, sys.version_info[:2]))
        stop(
            f"Clientele needs Python {wanted} or newer, and this is {found}: run it with python{wanted}."
        )


def is_runnable(command: str) -> bool:
    """Whether this interpreter has the packages, and for a command that sets up also the locked ones."""
    if command in SETTING_UP and is_inside() and STAMP.exists() and not is_current():
        return False
    packages = SETTING_UP.get(command, ("django",))
    return all(importlib.util.find_spec(package) for package in packages)


def is_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def is_current() -> bool:
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == fingerprint()


def fingerprint() -> str:
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def install() -> None:
    if not PYTHON.exists():
        make_venv()
    if run(PYTHON, "-m", "pip", "--version", quiet=True):
        stop("There is no pip in .venv: delete that folder, then run this again.")
    say("Installing the packages of requirements.lock into .venv; this takes about a minute …")
    options = ("--quiet", "--disable-pip-version-check", "--require-hashes")
    if run(PYTHON, "-m", "pip", "install", *options, "-r", LOCK):
        stop("The packages could not be installed, see above; with a network, run this again.")
    STAMP.write_text(fingerprint())


def make_venv() -> None:
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        stop("Python's venv or pip is missing. On Debian and Ubuntu: apt-get install python3-venv")
    say("Making .venv …")
    if run(sys.executable, "-m", "venv", "--clear", VENV):
        stop("The environment .venv could not be made, see above.")


def ensure_secret_key() -> None:
    """Writes a random SECRET_KEY to `.env` unless there is one, there or in the environment."""
    if os.environ.get("SECRET_KEY"):
        return
    try:
        written = DOTENV.read_text(encoding="utf-8") if DOTENV.exists() else ""
    except (OSError, ValueError) as error:
        stop(f".env cannot be read: {error}")
    line = SECRET_KEY_LINE.search(written)
    if line and line.group(1).strip("'\" "):
        return
    say("Writing a random SECRET_KEY to .env …")
    others = SECRET_KEY_LINE.sub("", written)  # of two lines the first would count
    key = f"SECRET_KEY={secrets.token_urlsafe(50)}\n"
    with open(
        os.open(DOTENV, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(key + others)


def run(*command: object, quiet: bool = False) -> int:
    """The exit status; what the program says goes to stderr, or nowhere."""
    output = subprocess.DEVNULL if quiet else sys.stderr
    return subprocess.call(list(map(str, command)), stdout=output, stderr=output)  # noqa: S603


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def stop(text: str) -> None:
    say(text)
    sys.exit(1)
