"""Settings, read from the environment and from `.env`; `.env.example` documents each."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.environment import LEVELS, MAX_INTEGER, Environment

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
Environment.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
HTTPS = env.bool("HTTPS", default=False)
FORCE_SCRIPT_NAME = env.path_prefix("PATH_PREFIX")  # of a proxy, which strips it

if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. `python3 manage.py quickstart` makes one; "
        "in production set it to 50 random characters."
    )
if HTTPS and DEBUG:
    raise ImproperlyConfigured("DEBUG=true shows internals to visitors: unset it where HTTPS=true.")
if HTTPS and len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY is too short for production: use 50 random characters.")
if not DEBUG and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS=* accepts forged hosts: name the hosts of this server."
    )

INSTALLED_APPS = [
    "config.apps.ClienteleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular_sidecar",
    "config.apps.SignInsConfig",
    *(f"django_otp{plugin}" for plugin in ("", ".plugins.otp_totp", ".plugins.otp_static")),
    "csp",
    "stores",
    "customers",
    "orders",
    *(f"customers.{name}" for name in ("imports", "matching", "merging", "privacy", "tasks")),
]

MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "config.middleware.DialectMiddleware",
    "config.middleware.HeadMiddleware",
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- database

DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{BASE_DIR / 'book.sqlite3'}")}
DATABASE_CONN_MAX_AGE = env.whole("DATABASE_CONN_MAX_AGE", default=600)  # seconds
DATABASE_PGBOUNCER = env.bool("DATABASE_PGBOUNCER", default=False)
_session = {
    "jit": "off",  # compiling a query with many parts takes longer than running it
    "statement_timeout": env.whole("DATABASE_STATEMENT_TIMEOUT", default=15_000),
    "lock_timeout": env.whole("DATABASE_LOCK_TIMEOUT", default=3_000),
    "idle_in_transaction_session_timeout": env.whole("DATABASE_IDLE_TIMEOUT", default=30_000),
}


def _on_postgres(database: dict[str, Any]) -> None:
    database["ENGINE"] = "stores.database.postgres"
    database["CONN_MAX_AGE"] = DATABASE_CONN_MAX_AGE
    database["CONN_HEALTH_CHECKS"] = True
    options = database.setdefault("OPTIONS", {})
    options |= {"connect_timeout": 2, "server_side_binding": True}
    if DATABASE_PGBOUNCER:
        # Each transaction may get another connection, so none may keep state: no cursors, no prepared
        # statements. PgBouncer refuses timeouts at connect, so they are set for the role (see .env.example).
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
        options["prepare_threshold"] = None
    else:
        options["prepare_threshold"] = 2  # the server plans a read once for each connection
        options["options"] = " ".join(f"-c {name}={value}" for name, value in _session.items())


if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "stores.database.sqlite"
    if DATABASES["default"]["NAME"] != ":memory:":
        # an absolute path: commands may run in any folder
        DATABASES["default"]["NAME"] = str(BASE_DIR / DATABASES["default"]["NAME"])
    # opening the file takes longer than most reads
    DATABASES["default"]["CONN_MAX_AGE"] = DATABASE_CONN_MAX_AGE
    DATABASES["default"]["OPTIONS"] = {
        # take the write lock at the start: a transaction that reads and then writes would fail instead of wait
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    _on_postgres(DATABASES["default"])
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # services own their transactions

REPLICA_MAX_LAG = env.seconds("REPLICA_MAX_LAG", default=5.0)  # seconds
if env.str("REPLICA_URL", default=""):
    if not DATABASES["default"]["ENGINE"].endswith("postgres"):
        raise ImproperlyConfigured("REPLICA_URL needs PostgreSQL in DATABASE_URL, too.")
    DATABASES["replica"] = env.database("REPLICA_URL") | {"TEST": {"MIRROR": "default"}}
    _on_postgres(DATABASES["replica"])
    DATABASES["replica"]["ENGINE"] = "stores.database.replica"
    DATABASE_ROUTERS = ["stores.database.replica.router.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- cache

REDIS_URL = env.redis("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "config.cache.RedisCache",
        "LOCATION": REDIS_URL,
        # clients do not wait long for a cache that does not answer
        "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}


def _counters_folder(database: dict[str, Any]) -> Path:
    """Return the folder of request counters, the same for all servers of this database on this machine."""
    identity = "|".join(str(database.get(part, "")) for part in ("HOST", "PORT", "NAME"))
    memory = Path("/dev/shm")  # noqa: S108 - counters outlive no restart of the machine
    base = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    digest = hashlib.sha256(identity.encode()).hexdigest()[:16]
    return base / f"clientele-{os.getuid()}-{digest}"


COUNTERS_FOLDER = None if REDIS_URL else _counters_folder(DATABASES["default"])

# --- staff

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
_validators = ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"} for name in _validators
]
LOGIN_URL = "admin:login"
OTP_TOTP_ISSUER = "Clientele"
CSRF_FAILURE_VIEW = "config.admin.error_pages.csrf_failed"
SESSION_COOKIE_AGE = env.whole("SESSION_COOKIE_AGE", default=8 * 3600, low=1)
SESSION_SAVE_EVERY_REQUEST = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "locked.html"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_IPWARE_PROXY_COUNT = env.whole("PROXY_COUNT", default=0) or None

# --- e-mail

vars().update(env.email("EMAIL_URL", sender="EMAIL_FROM"))

# --- transport

SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = FORCE_SCRIPT_NAME or "/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- static files

STATIC_URL = f"{FORCE_SCRIPT_NAME or ''}/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # works before collectstatic too

# --- language and time

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = False
FORM_RENDERER = "config.form_renderer.FormRenderer"
TIME_ZONE = "UTC"

# --- the APIs

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}
SPECTACULAR_SETTINGS = {"COMPONENT_SPLIT_REQUEST": True, "POSTPROCESSING_HOOKS": []}
RATE_LIMIT = env.rate("RATE_LIMIT", default="600/min")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # forms of the back office may have many rows

# --- geocoding

GEOCODER = env.choice(
    "GEOCODER", default="offline", choices=("offline", "google", "nominatim", "photon")
)
GEOCODER_DOMAIN = env.domain("GEOCODER_DOMAIN")
GEOCODER_SCHEME = env.choice("GEOCODER_SCHEME", default="https", choices=("https", "http"))
GEOCODER_API_KEY = env.str("GEOCODER_API_KEY", default="")
GEOCODER_USER_AGENT = env.str("GEOCODER_USER_AGENT", default="clientele")
GEOCODER_BUDGET = env.seconds("GEOCODER_BUDGET", default=2.0)  # seconds

if GEOCODER == "google" and not GEOCODER_API_KEY:
    raise ImproperlyConfigured("GEOCODER=google needs GEOCODER_API_KEY.")

# --- events and webhooks

# The most customers that one change may publish an event for, such as a new name of their tag.
MAX_EVENTS_PER_CHANGE = env.whole("MAX_EVENTS_PER_CHANGE", default=20_000)

WEBHOOK_RETRY_SCHEDULE = env.list(
    "WEBHOOK_RETRY_SCHEDULE",
    cast=int,
    default=[0, 5, 30, 120, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400],
)
if not WEBHOOK_RETRY_SCHEDULE or not all(
    0 <= delay <= MAX_INTEGER for delay in WEBHOOK_RETRY_SCHEDULE
):
    raise ImproperlyConfigured("WEBHOOK_RETRY_SCHEDULE is seconds, one number an attempt.")
WEBHOOK_ALLOW_TARGETS = env.targets("WEBHOOK_ALLOW_TARGETS")

# --- logs

LOG_LEVEL = env.choice("LOG_LEVEL", default="INFO", choices=LEVELS)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "config.logs.RequestIdFilter"}},
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["request_id"],
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        # 4xx responses are errors of clients, and their lines could contain personal data
        "django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
        # anyone can cause these lines; without a handler they would go to stderr as plain text
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        "axes": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # its warnings quote URLs and responses of receivers
        "urllib3": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
