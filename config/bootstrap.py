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
DOTENV = ROOT / ".env"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.sha256"  # a line for each lock that was installed to its end
INSTALL_LOG = VENV / "install.log"

OLDEST = (3, 11)
# The commands that set up what is missing: the locks they need, and packages that show whether anything is.
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
    """Returns where this interpreter can run the command; else goes on in `.venv`, made if need be.

    Exits with one line that says the remedy where something is missing that it cannot get.
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
        wanted = ".".join(map(str, OLDEST))
        found = ".".join(map(str, sys.version_info[:2]))
        stop(
            f"Clientele needs Python {wanted} or newer, and this is {found}: run it with python{wanted}."
        )


def is_runnable(command: str) -> bool:
    """Tell whether this interpreter has the packages; in `.venv`, also whether they are the locked ones."""
    if command in LOCKS and is_inside() and STAMP.exists() and not is_current(command):
        return False
    packages = PACKAGES.get(command, ("django",))
    return all(importlib.util.find_spec(package) for package in packages)


def is_inside() -> bool:
    return Path(sys.prefix).resolve() == VENV.resolve()


def is_current(command: str) -> bool:
    """Tell whether `.venv` has been installed from all locks of the command, as they are now."""
    return PYTHON.exists() and set(map(stamp_of, LOCKS[command])) <= installed_stamps()


def installed_stamps() -> "set[str]":
    return set(STAMP.read_text().splitlines()) if STAMP.exists() else set()


def stamp_of(lock: str) -> str:
    return f"{hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()}  {lock}"


def install(locks: "tuple[str, ...]") -> None:
    """Install the locks into `.venv`, and stamp it. Other locks that it has keep their stamps."""
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
    others = {line for line in installed_stamps() if line.partition("  ")[2] not in locks}
    STAMP.write_text("\n".join(sorted({*others, *map(stamp_of, locks)})) + "\n")


def make_venv() -> None:
    if not importlib.util.find_spec("venv"):
        stop(NO_VENV)
    say("Making .venv …")
    if subprocess.call([sys.executable, "-m", "venv", "--without-pip", "--clear", str(VENV)]):  # noqa: S603
        stop("The environment .venv could not be made, see above.")


def pip_command() -> "list[str]":
    """The pip of this interpreter, made to install into `.venv`; without one, Python's own copy put there."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if run_logged(str(PYTHON), "-m", "ensurepip"):
        stop(NO_VENV)
    return [str(PYTHON), "-m", "pip"]


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


def run_logged(*command: str) -> int:
    """Run the program and return its exit status; what it says goes to the log, which it replaces."""
    with open(INSTALL_LOG, "wb") as log:
        return subprocess.call(command, stdout=log, stderr=log)  # noqa: S603


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def stop(text: str) -> None:
    say(text)
    sys.exit(1)
