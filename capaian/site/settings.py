"""Settings. Everything that differs between machines comes from the environment; defaults serve one office."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("CAPAIAN_HOME", ROOT / "var"))
HOME.mkdir(parents=True, exist_ok=True)
FILES = HOME / "files"
NODE_MODULES = Path(os.environ.get("CAPAIAN_NODE_MODULES", ROOT / "node_modules"))


def secret_key() -> str:
    """Return the installation's key: from the environment, else a file made once and readable by its owner only."""
    if key := os.environ.get("CAPAIAN_SECRET_KEY"):
        return key
    path = HOME / "secret_key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def database(url: str) -> dict[str, Any]:
    """Return the connection for `postgresql://…`, or SQLite in the home folder when the URL is empty."""
    if not url or url.startswith("sqlite:"):
        name = url.removeprefix("sqlite:///") if url else str(HOME / "capaian.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # a deferred transaction dies when two clicks meet; IMMEDIATE queues them
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
            },
            "TEST": {"NAME": os.environ.get("CAPAIAN_TEST_SQLITE", str(HOME / "test.sqlite3"))},
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # statements are planned once a connection, not at every call: Django leaves that out unless asked
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5}
        | ({"pool": {"min_size": 1, "max_size": 8}} if os.environ.get("CAPAIAN_POOL") else {}),
    }


SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *filter(None, os.environ.get("CAPAIAN_HOSTS", "").split(","))]
HTTPS = os.environ.get("CAPAIAN_HTTPS") == "1"

INSTALLED_APPS = [
    "capaian.journal",
    "capaian.agencies",
    "capaian.documents",
    "capaian.sop",
    "capaian.planning",
    "capaian.proceedings",
    "capaian.collection",
    "capaian.measurement",
    "capaian.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "capaian.web.middleware.AccessMiddleware",
]

ROOT_URLCONF = "capaian.site.urls"
WSGI_APPLICATION = "capaian.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "capaian" / "web" / "templates"],
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

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# counts log-in attempts: in the database, because adding to a file cache is not atomic across processes and machines
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entry"}}

AUTH_USER_MODEL = "agencies.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["capaian.agencies.sign_in.NameOrNipBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "nip", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "capaian.web.account_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "capaian.web.account_forms.LogInForm",
    "change_password": "capaian.web.account_forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}  # the backend reads a NIP too
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # shared office computers: the session ends with the browser
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# per person, and generous per address: a whole office stands behind one
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "60/15m/ip,8/15m/key",
    "change_password": "5/m/user",
    "use_code": "30/15m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("CAPAIAN_PROXIES", "0"))
CSRF_FAILURE_VIEW = "capaian.web.refusal_pages.csrf_failed"

# reminders leave the installation only where this says how: nothing is sent by a fresh one
EMAIL_HOST = os.environ.get("CAPAIAN_EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
EMAIL_PORT = int(os.environ.get("CAPAIAN_EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("CAPAIAN_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("CAPAIAN_EMAIL_PASSWORD", "")
EMAIL_USE_SSL = os.environ.get("CAPAIAN_EMAIL_SECURITY", "tls") == "ssl"
EMAIL_USE_TLS = os.environ.get("CAPAIAN_EMAIL_SECURITY", "tls") == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("CAPAIAN_EMAIL_FROM", EMAIL_HOST_USER or "capaian@localhost")
# an address of the apprise library, with {nomor} where the receiver's own number goes
CAPAIAN_GATEWAY = os.environ.get("CAPAIAN_GATEWAY", "")
# what stands before the path of a link in a message: https://capaian.contoh.go.id
CAPAIAN_ADDRESS = os.environ.get("CAPAIAN_ADDRESS", "").rstrip("/")

LANGUAGE_CODE = "id"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# the pictures of the guides
STATICFILES_DIRS = [("panduan", ROOT / "docs" / "images")]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "capaian.site.static_files.VendorFiles",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "capaian.site.static_files.HashedFiles"},
}
WHITENOISE_USE_FINDERS = True  # pages have their look before anything was collected

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# a quarter's form of a unit with 100 monthly indicators: 300 lines of 7 fields and a place for files each
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_NUMBER_FILES = 400
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # a failure is logged once, with its incident number (refusal_pages.failed); 4xx answers are no failures
    "loggers": {"django.request": {"handlers": [], "level": "CRITICAL", "propagate": False}},
}

# virus scanner of uploads: host:port of clamd or the path of its socket; empty = none
CAPAIAN_CLAMD = os.environ.get("CAPAIAN_CLAMD", "")
CAPAIAN_CLAMD_SECONDS = float(os.environ.get("CAPAIAN_CLAMD_SECONDS", "30"))
# files of evidence that one unit may keep, in MB
CAPAIAN_UNIT_MB = int(os.environ.get("CAPAIAN_UNIT_MB", "2000"))
