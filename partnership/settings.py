"""Settings, read from environment variables; docs/settings.md describes each one."""

import os
import tomllib
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION: str = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

APP_ENV = os.environ.get("APP_ENV", "production")
if APP_ENV not in {"production", "demo", "development", "test"}:
    raise ImproperlyConfigured(
        f"APP_ENV is '{APP_ENV}'. Set it to production, demo or development (tests set it themselves)."
    )
IN_PRODUCTION = APP_ENV == "production"
IS_DEMO = APP_ENV == "demo"
DEBUG = os.environ.get("DEBUG", "") == "1" and not IN_PRODUCTION

_missing: list[str] = []


def _required(name: str, hint: str, otherwise: str) -> str:
    """The variable's value; outside production the given stand-in; in production its absence is collected."""
    value = os.environ.get(name, "")
    if not value and IN_PRODUCTION:
        _missing.append(f"{name} is not set: {hint}")
    return value or otherwise


SECRET_KEY = _required(
    "SECRET_KEY",
    "give a long random text that is kept secret and stays the same between restarts.",
    "not-secret-outside-production-0123456789-abcdefghijklmnopqrstuvwxyz",
)
ALLOWED_HOSTS = _required(
    "ALLOWED_HOSTS", "name the host names of this service, separated by commas.", "127.0.0.1,localhost,testserver"
).split(",")
DATABASE_URL = _required(
    "DATABASE_URL",
    "give the database's address, such as postgres://user:password@host/name.",
    f"sqlite:///{BASE_DIR / 'var' / f'{APP_ENV}.sqlite3'}",
)
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]

DEMO_TODAY: date | None = None
if os.environ.get("DEMO_TODAY"):
    if not IS_DEMO and APP_ENV != "test":
        raise ImproperlyConfigured("DEMO_TODAY is set, but only the demonstration may pretend a date. Remove it.")
    try:
        DEMO_TODAY = date.fromisoformat(os.environ["DEMO_TODAY"])
    except ValueError:
        raise ImproperlyConfigured("DEMO_TODAY is not a date. Write it as 2022-07-07.") from None

# Where links in e-mails lead; a pattern of host names is no address.
_named_host = ALLOWED_HOSTS[0].strip()
_own_url = "http://127.0.0.1:8000" if not IN_PRODUCTION else f"https://{_named_host}"
PUBLIC_URL = os.environ.get("PUBLIC_URL", "").rstrip("/") or ("" if _named_host[:1] in {"", ".", "*"} else _own_url)
if PUBLIC_URL and not PUBLIC_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("PUBLIC_URL is not an address. Write it as https://kpi.example.org.")

# Reminders. Only production talks to a mail server; elsewhere the mails are printed.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if IN_PRODUCTION else 'console'}.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = os.environ.get("EMAIL_USE_SSL", "") == "1"
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "0" if EMAIL_USE_SSL else "1") == "1"
if EMAIL_USE_SSL and EMAIL_USE_TLS:
    raise ImproperlyConfigured("EMAIL_USE_SSL and EMAIL_USE_TLS exclude each other. Set one of them to 0.")
try:
    EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "") or (465 if EMAIL_USE_SSL else 587))
except ValueError:
    raise ImproperlyConfigured("EMAIL_PORT is not a number. Give the mail server's port, such as 587.") from None
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "") or ("" if IN_PRODUCTION else "reminders@example.org")
if EMAIL_HOST and not DEFAULT_FROM_EMAIL:
    _missing.append("DEFAULT_FROM_EMAIL is not set: give the address that reminders come from.")

# What everybody may read, and how often.
DATA_LICENCE_NAME = os.environ.get("DATA_LICENCE_NAME", "") or "Open Government Licence v3.0"
DATA_LICENCE_URL = (
    os.environ.get("DATA_LICENCE_URL", "")
    or "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
)
if not DATA_LICENCE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("DATA_LICENCE_URL is not an address. Give the licence's, beginning with https://.")
ACCESSIBILITY_CONTACT = os.environ.get("ACCESSIBILITY_CONTACT", "")
# Whom to tell of a weakness: security.txt (RFC 9116).
SECURITY_CONTACT = os.environ.get("SECURITY_CONTACT", "").strip()
if "@" in SECURITY_CONTACT and ":" not in SECURITY_CONTACT:
    SECURITY_CONTACT = f"mailto:{SECURITY_CONTACT}"
if SECURITY_CONTACT and (
    not SECURITY_CONTACT.startswith(("mailto:", "https://", "tel:")) or not SECURITY_CONTACT.isprintable()
):
    raise ImproperlyConfigured(
        "SECURITY_CONTACT is neither an e-mail address nor a web address. Write it as security@example.org or "
        "https://example.org/security."
    )


def _whole(name: str, text: str, otherwise: int, hint: str) -> int:
    """What a variable says, as a whole number from 0 on; the given one where it is not set."""
    if text and not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name} is not a whole number. {hint}")
    return int(text) if text else otherwise


API_RATE = _whole(
    "API_RATE", os.environ.get("API_RATE", ""), 120,
    "Give how many requests one client may make in a minute, such as 120; 0: no limit.",
)  # fmt: skip
FILE_RATE = _whole(
    "FILE_RATE", os.environ.get("FILE_RATE", ""), 20,
    "Give how many made files one client may have in a minute, such as 20; 0: no limit.",
)  # fmt: skip
SESSION_IDLE_MINUTES = _whole(
    "SESSION_IDLE_MINUTES", os.environ.get("SESSION_IDLE_MINUTES", ""), 60,
    "Give after how many minutes without a page somebody is signed out, such as 60; 0: never before the day is over.",
)  # fmt: skip
if 0 < SESSION_IDLE_MINUTES < 15:
    raise ImproperlyConfigured("SESSION_IDLE_MINUTES is too short to read a page. Give 15 or more; 0: no limit.")
RETENTION_DAYS = _whole(
    "RETENTION_DAYS", os.environ.get("RETENTION_DAYS", ""), 730,
    "Give for how many days a deactivated account keeps its name, such as 730.",
)  # fmt: skip
# Where backups are, what encrypts them, and where one is tried out.
BACKUP_DIR = os.environ.get("BACKUP_DIR", "") or str(BASE_DIR / "var" / "backups")
BACKUP_PASSPHRASE = os.environ.get("BACKUP_PASSPHRASE", "")
BACKUP_PASSPHRASE_FILE = os.environ.get("BACKUP_PASSPHRASE_FILE", "")
BACKUP_SCRATCH_URL = os.environ.get("BACKUP_SCRATCH_URL", "")
# In production a proxy stands in front, which is believed about HTTPS too.
PROXIES = _whole(
    "PROXIES", os.environ.get("PROXIES", ""), 1 if IN_PRODUCTION else 0,
    "Give how many proxies stand in front of the service, such as 1.",
)  # fmt: skip
# For what watches the service.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
REQUEST_LOG = os.environ.get("REQUEST_LOG", "1" if IN_PRODUCTION else "0") == "1"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
# Pages are kept in the process until what they show has changed.
KEEP_PAGES = True

# Single sign-on by OpenID Connect, once a provider is named.
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "")
OIDC_NAME = os.environ.get("OIDC_NAME", "") or "your organisation’s account"
OIDC_RP_CLIENT_ID = os.environ.get("OIDC_CLIENT_ID", "")
OIDC_RP_CLIENT_SECRET = os.environ.get("OIDC_CLIENT_SECRET", "")
OIDC_OP_AUTHORIZATION_ENDPOINT = os.environ.get("OIDC_AUTHORIZATION_ENDPOINT", "")
OIDC_OP_TOKEN_ENDPOINT = os.environ.get("OIDC_TOKEN_ENDPOINT", "")
OIDC_OP_JWKS_ENDPOINT = os.environ.get("OIDC_JWKS_ENDPOINT", "")
OIDC_OP_USER_ENDPOINT = os.environ.get("OIDC_USERINFO_ENDPOINT", "")
OIDC_OP_END_SESSION_ENDPOINT = os.environ.get("OIDC_END_SESSION_ENDPOINT", "")
OIDC_SECOND_FACTOR = frozenset(v.strip() for v in os.environ.get("OIDC_SECOND_FACTOR", "").split(",") if v.strip())
OIDC_RP_SIGN_ALGO, OIDC_RP_SCOPES = "RS256", "openid email"
OIDC_USE_PKCE = OIDC_USE_NONCE = OIDC_VERIFY_SSL = True
OIDC_TIMEOUT = 10
OIDC_AUTHENTICATION_CALLBACK_URL = "sign_on_back"
_oidc_addresses = {
    "OIDC_ISSUER": OIDC_ISSUER,
    "OIDC_AUTHORIZATION_ENDPOINT": OIDC_OP_AUTHORIZATION_ENDPOINT,
    "OIDC_TOKEN_ENDPOINT": OIDC_OP_TOKEN_ENDPOINT,
    "OIDC_JWKS_ENDPOINT": OIDC_OP_JWKS_ENDPOINT,
    "OIDC_USERINFO_ENDPOINT": OIDC_OP_USER_ENDPOINT,
    "OIDC_END_SESSION_ENDPOINT": OIDC_OP_END_SESSION_ENDPOINT,
}
if OIDC_ISSUER:
    _named = {**_oidc_addresses, "OIDC_CLIENT_ID": OIDC_RP_CLIENT_ID, "OIDC_CLIENT_SECRET": OIDC_RP_CLIENT_SECRET}
    _may_lack = {"OIDC_USERINFO_ENDPOINT", "OIDC_END_SESSION_ENDPOINT"}
    _lacking = [name for name, value in _named.items() if not value and name not in _may_lack]
    if _lacking:
        raise ImproperlyConfigured(f"OIDC_ISSUER is set, but not: {', '.join(_lacking)}. Give what the provider says.")
    _schemes = ("https://",) if IN_PRODUCTION else ("https://", "http://")
    _odd = [name for name, value in _oidc_addresses.items() if value and not value.startswith(_schemes)]
    if _odd:
        raise ImproperlyConfigured(f"These must begin with https://: {', '.join(_odd)}.")

if _missing:
    raise ImproperlyConfigured("The service cannot start in production:\n- " + "\n- ".join(_missing))

DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    if str(DATABASES["default"]["NAME"]) not in {":memory:", ""}:
        Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Pages ask several hundred different questions; each that is forgotten is prepared anew.
        "cached_statements": 1000,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A database that has gone away is noticed in seconds, not in minutes; what the address itself says goes before.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }

INSTALLED_APPS = [
    "indicators",
    "referrals",
    "finance",
    "partnership",
    "django_tables2",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "partnership.middleware.request_id",
    "partnership.middleware.measured",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "partnership.middleware.guarded",
    "partnership.middleware.body_limit",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "partnership.middleware.clock_on_request",
    "partnership.middleware.SignInRequired",
]

ROOT_URLCONF = "partnership.urls"
WSGI_APPLICATION = "partnership.wsgi.application"
ASGI_APPLICATION = "partnership.asgi.application"

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
                "partnership.context.page",
            ],
        },
    },
]
DJANGO_TABLES2_TEMPLATE = "django_tables2/govuk.html"

AUTH_USER_MODEL = "indicators.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "partnership.forms.weak_passwords.RepeatedPasswordValidator"},
]
# The first refuses who is locked out; the second knows people by their password.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_HANDLER = "partnership.operations.lock_outs.LockOuts"
AXES_USERNAME_CALLABLE = "partnership.operations.lock_outs.account_of"
AXES_CLIENT_IP_CALLABLE = "partnership.operations.lock_outs.address_of"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Nothing that was typed is kept, and no address reaches the log.
AXES_SENSITIVE_PARAMETERS = ["email", "password", "envelope", "next", "csrfmiddlewaretoken", "username", "ip_address"]
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
# The sign-in page itself says what is locked, so the middleware that would answer in its place is not there.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "front"
LOGOUT_REDIRECT_URL = "sign_in"
SESSION_COOKIE_AGE = 8 * 60 * 60
# For approvers and administrators; everybody else is offered it.
SECOND_FACTOR = os.environ.get("SECOND_FACTOR", "") or ("required" if IN_PRODUCTION else "offered")
if SECOND_FACTOR not in {"required", "offered"}:
    raise ImproperlyConfigured(
        "SECOND_FACTOR is neither required nor offered. Set it to one of them: whether approvers and administrators "
        "must have a second factor."
    )

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not IN_PRODUCTION
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if IN_PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}

# A return of 300 indicators has about 16 boxes each; anything beyond these limits is refused before it is read.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = 2 * 1024 * 1024
# Addresses, by name, whose files may be larger. They hold them in memory alone and read nothing before the person's
# rights are known.
UPLOAD_MAX_BYTES_OF = {
    "annex_a_new": 20 * 1024 * 1024,
    "benchmark_new": 20 * 1024 * 1024,
    "placements_file_new": 20 * 1024 * 1024,
    "paper_new": 10 * 1024 * 1024,
    "action_step": 10 * 1024 * 1024,
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "partnership.views.csrf_failure"
if IN_PRODUCTION:
    SECURE_SSL_REDIRECT = os.environ.get("SECURE_SSL_REDIRECT", "1") == "1"
    # What watches the service asks on the machine itself, without TLS; nobody types anything there.
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics/$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# A form that is sent may lead to the provider of identities: to sign in there, and to sign out there too.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"] += [
    "{0.scheme}://{0.netloc}".format(urlsplit(address))
    for address in dict.fromkeys((OIDC_OP_AUTHORIZATION_ENDPOINT, OIDC_OP_END_SESSION_ENDPOINT))
    if OIDC_ISSUER and address
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "partnership.logging.RequestIdFilter"}},
    "formatters": {
        "json": {"()": "partnership.logging.JsonFormatter"},
        "plain": {"format": "%(levelname)s %(request_id)s %(name)s %(message)s"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "json" if IN_PRODUCTION else "plain",
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "requests": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "operations": {"handlers": ["console"], "level": "INFO" if IN_PRODUCTION else "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
        "mozilla_django_oidc": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
    },
}
