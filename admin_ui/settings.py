"""Every setting, read from the environment or from `.env`; `.env.example` documents each one.

The environment is read nowhere else. A secret may also be given as a file: SECRET_KEY_FILE,
ENCRYPTION_KEYS_FILE, HISTORY_KEYS_FILE, DATABASE_URL_FILE, EMAIL_URL_FILE and the same for each
gateway credential.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.identity.providers import for_allauth, read_providers
from admin_ui.accounts.signing_in.allauth_settings import *  # noqa: F403
from admin_ui.audit.log_settings import LOG_FORMATS, log_settings
from admin_ui.databases.connecting import database_settings
from admin_ui.encryption import new_key, usable_keys
from admin_ui.environment import Environment
from admin_ui.folders import BASE_DIR, FILES, FROM_WHEEL
from admin_ui.secrets import made_once
from admin_ui.tasks.usual import USUAL_TIMES

env = Environment()
env.read_env(BASE_DIR / ".env")

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))
DEBUG = env.bool("DEBUG", default=False)

# Address
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{PORT}").rstrip("/")
_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or sorted(
    {_site.hostname or "localhost", "localhost", "127.0.0.1"}
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
WEB_WORKERS = env.int("WEB_WORKERS", default=2)
WEB_THREADS = env.int("WEB_THREADS", default=4)
# How slowly clients may send requests and read answers; the web server waits without a thread.
REQUEST_SECONDS = env.float("REQUEST_SECONDS", default=10.0)
REQUEST_KILOBYTES_PER_SECOND = env.float("REQUEST_KILOBYTES_PER_SECOND", default=64.0)

# Tasks: workers that `serve` starts, and what recurs: seconds between, or a time of day.
TASK_WORKERS = env.int("TASK_WORKERS", default=1)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "long"]}}
RECURRING_TASKS = "assistants.tasks"
AUDIT_FORWARD_TO = env.str("AUDIT_FORWARD_TO", default="")
AUDIT_FORWARD_SECRET = env.str("AUDIT_FORWARD_SECRET", default="")
TIMETABLE = env.dict(
    "TIMETABLE",
    default={**USUAL_TIMES, **({"forward_audit": "30"} if AUDIT_FORWARD_TO else {})},
)

# Secrets
SECRET_KEY = env.str("SECRET_KEY", default="") or made_once(
    DATA_DIR / "secret_key", get_random_secret_key
)
ENCRYPTION_KEYS = usable_keys(
    env.list("ENCRYPTION_KEYS", default=[])
    or made_once(DATA_DIR / "encryption_keys", new_key).split(",")
)
HISTORY_KEYS = usable_keys(
    env.list("HISTORY_KEYS", default=[])
    or made_once(DATA_DIR / "history_keys", new_key).split(","),
    setting="HISTORY_KEYS",
)

# Applications
INSTALLED_APPS = [
    "admin_ui.installation",
    "admin_ui.databases",
    "admin_ui.audit",
    "admin_ui.monitoring",
    "admin_ui.accounts",  # these before Django's apps: they replace some of their commands
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "django_tasks_db",
    "admin_ui.tasks",
    "admin_ui.notices",
    "assistants.registry",
    "assistants.api",
    "assistants",
]
MIDDLEWARE = [
    "admin_ui.monitoring.middleware.MetricsMiddleware",
    # Before those that only pages need: a first visit loads dozens of small files.
    "admin_ui.request.static_files.StaticFilesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "admin_ui.audit.origin.OriginMiddleware",
    "admin_ui.request.middleware.ContentSecurityPolicyMiddleware",
    "admin_ui.request.middleware.PrivateMiddleware",
    "admin_ui.request.compression.CompressionMiddleware",
    "admin_ui.accounts.guard.sessions.PatientSessionMiddleware",
    "admin_ui.request.middleware.BodySizeMiddleware",
    "admin_ui.request.middleware.LargeFormMiddleware",
    "admin_ui.display.zones.ReaderZoneMiddleware",
    "django.middleware.common.CommonMiddleware",
    "admin_ui.accounts.guard.access.LargeBodyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "admin_ui.accounts.guard.sessions.VisitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "admin_ui.accounts.guard.middleware.SignInMiddleware",
]
ROOT_URLCONF = "admin_ui.urls"
WSGI_APPLICATION = "admin_ui.wsgi.application"
TEMPLATE_LOADER = (
    "admin_ui.display.fixed.Loader",
    [
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ],
)
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FILES / "templates"],
        "OPTIONS": {
            "loaders": [("template_partials.loader.Loader", [TEMPLATE_LOADER])],
            "builtins": [
                "admin_ui.display.choices",
                "admin_ui.display.icons",
                "admin_ui.display.isolation",
                "admin_ui.display.site",
                "admin_ui.display.times",
                "assistants.forms.input_tags",
                "assistants.wording.marks",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "admin_ui.accounts.guard.context.workspace",
                "admin_ui.notices.context.unread_notices",
                "assistants.views.context.workspace_pages",
            ],
        },
    }
]

# Data
_database = env.db("DATABASE_URL", default=f"sqlite:///{(DATA_DIR / 'db.sqlite3').as_posix()}")
DATABASES = {"default": database_settings(_database, DATA_DIR)}
TARGET_DATABASE_URL = env.str("TARGET_DATABASE_URL", default="")  # of move_database only
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# A definition of 256,000 emoji is 3 MB url-encoded, and 128 functions have hundreds of fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# People
AUTH_USER_MODEL = "accounts.User"
_validation = "django.contrib.auth.password_validation"
# Long and unusual is enough: no rule says which characters a password needs.
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 9}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {
        "NAME": f"{_validation}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "admin_ui.accounts.password_words.OwnWordsValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 7  # also for links that commands print
# Limits on sign-in count the browser's address, which a trusted proxy reports.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if HTTPS else 0)
MFA_TOTP_ISSUER = f"Assistants Admin ({_site.hostname})"
# Identity providers that sign people in. SSO_ONLY refuses passwords but for owners, the way back.
IDENTITY_PROVIDERS = read_providers(
    oidc=env.str("OIDC_PROVIDERS", default=""), saml=env.str("SAML_PROVIDERS", default="")
)
SOCIALACCOUNT_PROVIDERS = for_allauth(IDENTITY_PROVIDERS)
SSO_ONLY = env.bool("SSO_ONLY", default=False) and bool(IDENTITY_PROVIDERS)
# The first role, of those below or "owner", whose people need a second factor; "" for none.
SECOND_FACTOR_FROM = env.choice(
    "SECOND_FACTOR_FROM", options=("", "viewer", "editor", "publisher", "admin", "owner")
)
# How long after signing in, or after proving it again, people may do what matters most.
CONFIRM_AFTER_MINUTES = env.float("CONFIRM_AFTER_MINUTES", default=15.0)
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs must not block a page
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default=f"Assistants Admin <no-reply@{_site.hostname}>"
)

# Browser
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
MESSAGE_STORAGE = "admin_ui.request.cookies.HostMessages"
SESSION_ENGINE = "admin_ui.accounts.guard.sessions"
SESSION_IDLE_HOURS = env.float("SESSION_IDLE_HOURS", default=72.0)
SESSION_DAYS = env.float("SESSION_DAYS", default=14.0)
SESSION_COOKIE_AGE = int(60 * 60 * 24 * SESSION_DAYS)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# Only the owner of the domain can promise TLS for every name below it.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SECURE_SSL_REDIRECT = False  # the TLS proxy redirects; health checks come in by plain HTTP
# They ask for that redirect, the promise about names below this one, and HSTS preload.
SILENCED_SYSTEM_CHECKS = ["security.W008", "security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "admin_ui.views.csrf_failure"

# Language and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [FILES / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = (DATA_DIR if FROM_WHEEL else BASE_DIR) / "staticfiles"
STATICFILES_DIRS = [FILES / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "admin_ui.serving.stored_static.LeanStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site loads them
WHITENOISE_MAX_AGE = 3600

# Gateway: makes or updates the connection `environment` of workspace `main` at start.
GATEWAY = {
    "profile": env.str("GATEWAY_PROFILE", default=""),
    "base_url": env.str("GATEWAY_BASE_URL", default=""),
    "api_key": env.str("GATEWAY_API_KEY", default=""),
    "portkey_api_key": env.str("PORTKEY_API_KEY", default=""),
    "portkey_virtual_key": env.str("PORTKEY_VIRTUAL_KEY", default="")
    or env.str("PORTKEY_PROVIDER_VIRTUAL_KEY", default=""),
    "portkey_provider": env.str("PORTKEY_PROVIDER", default=""),
    "portkey_config": env.str("PORTKEY_CONFIG", default=""),
    "custom_host": env.str("GATEWAY_CUSTOM_HOST", default=""),
    "api_version": env.str("GATEWAY_API_VERSION", default=""),
    "tenant_id": env.str("GATEWAY_TENANT_ID", default=""),
    "client_id": env.str("GATEWAY_CLIENT_ID", default=""),
    "client_secret": env.str("GATEWAY_CLIENT_SECRET", default=""),
    "token_scope": env.str("GATEWAY_TOKEN_SCOPE", default=""),
}
ENTRA_LOGIN_URL = env.str("ENTRA_LOGIN_URL", default="https://login.microsoftonline.com")
GATEWAY_CONNECT_TIMEOUT = env.float("GATEWAY_CONNECT_TIMEOUT", default=5.0)
GATEWAY_READ_TIMEOUT = env.float("GATEWAY_READ_TIMEOUT", default=15.0)
GATEWAY_PUBLISH_DEADLINE = env.float("GATEWAY_PUBLISH_DEADLINE", default=25.0)
GATEWAY_CHECK_DEADLINE = env.float("GATEWAY_CHECK_DEADLINE", default=5.0)
GATEWAY_UPLOAD_DEADLINE = env.float("GATEWAY_UPLOAD_DEADLINE", default=120.0)
UPLOAD_MB = env.int("UPLOAD_MB", default=32)
GATEWAY_PRIVATE_HOSTS: list[str] = env.list("GATEWAY_PRIVATE_HOSTS", default=[])
PUBLISH_LEASE_SECONDS = env.float("PUBLISH_LEASE_SECONDS", default=60.0)
LATE_LANDING_SECONDS = env.float("LATE_LANDING_SECONDS", default=900.0)

# The registry, called in process.
REGISTRY_APPLICATION = "assistants.registry.wsgi.application_for"
REGISTRY_ON_WRITE = "assistants.services.remote.journal.pull"
REGISTRY_BEFORE_WRITE = "assistants.services.approving.keys.key_needs_approval"
REGISTRY_IN_USE = "assistants.registry.rewriting.in_use"
_MODELS = "gpt-5.6-sol,gpt-5.6-terra,gpt-5.6-luna,gpt-5.2,mistral-large-latest,mistral-small-latest"
REGISTRY_MODELS: list[str] = env.list("REGISTRY_MODELS", default=_MODELS.split(","))

# Budgets, so that one caller does not slow down the others; 0 means no limit. Each process has
# `COSTLY_SECONDS_PER_MINUTE`; the WEB_WORKERS share the others.
COSTLY_SECONDS_PER_MINUTE = env.float("COSTLY_SECONDS_PER_MINUTE", default=60.0)
API_READS_PER_MINUTE = env.float("API_READS_PER_MINUTE", default=2400.0)
API_WRITES_PER_MINUTE = env.float("API_WRITES_PER_MINUTE", default=300.0)
API_WRONG_KEYS_PER_MINUTE = env.float("API_WRONG_KEYS_PER_MINUTE", default=60.0)

# Monitoring; admin_ui/monitoring says what each of these sends.
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOG_FORMAT = env.choice("LOG_FORMAT", options=LOG_FORMATS)
OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
LOGGING = log_settings(LOG_LEVEL, LOG_FORMAT, traced=bool(OTLP_ENDPOINT))
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
SENTRY_DSN = env.str("SENTRY_DSN", default="")
