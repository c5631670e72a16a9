"""Every setting, read from the environment once; one file for all places.

Each setting says what it does beside it; docs/reference/settings.md lists those that an operator sets.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from csp.constants import NONCE, SELF
from django.urls import reverse_lazy

from measureplan import env, logs, schema_names, secret

BASE_DIR = Path(__file__).resolve().parent.parent

# Where this installation keeps what is its own: the embedded database, the lake, uploads, the secret key.
DATA_DIR = env.path("MP_DATA_DIR", default=BASE_DIR / "var" / "data")
# Signs sessions and links. Without the variable a key is made once in the data folder, readable by its owner only.
SECRET_KEY = env.text("MP_SECRET_KEY") or secret.kept_in(DATA_DIR)
# Keys of before: what they signed stays good, and who was erased under them stays erased.
SECRET_KEY_FALLBACKS = env.names("MP_OLD_SECRET_KEYS", default=())
# Shows tracebacks in the browser. Never on where others can reach the address.
DEBUG = env.flag("MP_DEBUG", default=False)
# The address that people use, without a slash at the end; mails and snippets name it.
BASE_URL = env.text("MP_BASE_URL", default="http://127.0.0.1:8000")
# The host names that are answered; the base address's host is always among them.
ALLOWED_HOSTS = env.names("MP_ALLOWED_HOSTS", default=("127.0.0.1", "localhost", "[::1]"))
ALLOWED_HOSTS.append(urlsplit(BASE_URL).hostname or "localhost")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
# How many proxies in front append to X-Forwarded-For; 0 trusts only the socket's own address.
TRUSTED_PROXIES = env.integer("MP_TRUSTED_PROXIES", default=0)

# -- the database: one PostgreSQL for everything but the events ------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL", default="postgresql://measureplan@127.0.0.1:5432/measureplan")
# Every connection of the application takes this role, which owns nothing, so that row level security binds it.
# `measureplan migrate` alone goes without it.
DATABASE_ROLE = env.text("MP_DATABASE_ROLE", default="measureplan_app")
DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
DATABASES["default"] |= {
    "ATOMIC_REQUESTS": True,  # the workspace is set per transaction, so every request has one
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": DATABASES["default"].get("OPTIONS", {})
    | {"connect_timeout": 3}
    | ({"options": f"-c role={DATABASE_ROLE}"} if DATABASE_ROLE != "owner" else {}),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- the lake: where events live -------------------------------------------------------------------------------
# A folder or an object store's address (s3://, az://, gs://); Delta tables, one set per workspace.
LAKE_URL = env.text("MP_LAKE_URL", default=str(DATA_DIR / "lake"))
# Uploaded files wait here for their import; removed seven days after it.
MEDIA_ROOT = env.path("MP_UPLOAD_DIR", default=DATA_DIR / "uploads")

# -- collection ------------------------------------------------------------------------------------------------
# Events older than this at the door are quarantined; history comes through imports.
TOO_OLD_DAYS = env.integer("MP_TOO_OLD_DAYS", default=60, least=1)
# Events of one source a minute and web process; above it the door answers 429 with Retry-After.
EVENTS_PER_MINUTE = env.integer("MP_EVENTS_PER_MINUTE", default=600_000, least=1)
# Free space under which the door answers 503: PostgreSQL stops hard on a full disk.
LOW_SPACE_MIB = env.integer("MP_LOW_SPACE_MIB", default=200)

# -- watching --------------------------------------------------------------------------------------------------
# Every so often goals are looked at whether their events still come; the longest that an alarm waits for a look.
WATCH_MINUTES = env.integer("MP_WATCH_MINUTES", default=5, least=1)

# -- reading ---------------------------------------------------------------------------------------------------
# So long a rendered report is given to others who ask the same of the same state (workspaces.kept); 0: never.
PAGES_KEPT_SECONDS = env.integer("MP_PAGES_KEPT_SECONDS", default=10)

# -- shared memory ---------------------------------------------------------------------------------------------
# Where sign-in attempts are counted, for all web processes together: a table, or redis://host:port/1.
CACHE_URL = env.text("MP_CACHE_URL")
CACHES = {
    "default": environ.Env.cache_url_config(CACHE_URL)
    if CACHE_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "measureplan_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Reports as they were rendered, for seconds (workspaces.kept). No table of the database: no dump shall have them.
    "pages": environ.Env.cache_url_config(CACHE_URL)
    if CACHE_URL
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "run" / "pages"),
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
    # Requests of API tokens; each process's own where no cache is shared (workspaces.throttling says why).
    "throttle": environ.Env.cache_url_config(CACHE_URL)
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "throttle"},
}

# -- work ------------------------------------------------------------------------------------------------------
# The broker carries hints only; the truth is rows. Default: a queue in the same PostgreSQL.
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL") or DATABASE_URL.replace("postgresql://", "pgmq://", 1).replace(
    "postgres://", "pgmq://", 1
)

# Who keeps derivations: tracking is below those who can, and knows them by this name alone (tracking.watching).
DERIVATIONS_ARE_KEPT_BY = "reports.derivations.Derivations"

# Where large fills are joined: "here", in the worker, or "spark", on a cluster that reaches the lake at its address.
RUNNER = env.choice("MP_RUNNER", ("here", "spark"), default="here")
# The cluster, as Spark calls it: spark://host:7077; empty where spark-submit or a platform says it.
SPARK_MASTER = env.text("MP_SPARK_MASTER") or None

INSTALLED_APPS = [
    "measureplan",
    "reports",
    "goals",
    "tracking",
    "workspaces",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "template_partials",
]

MIDDLEWARE = [
    "measureplan.metrics.Measured",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "workspaces.compressing.CompressedPages",
    "csp.middleware.CSPMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "workspaces.answering.AnswerMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "workspaces.languages.LanguageMiddleware",  # asks who reads
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "measureplan.urls"
WSGI_APPLICATION = "measureplan.wsgi.application"

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
                "workspaces.navigation.navigation",
            ],
        },
    }
]

# -- people ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "workspaces.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("workspaces:home")
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Who may make an account: "open", or "invited" for those with an invitation alone.
SIGN_UP = env.text("MP_SIGN_UP", default="open")
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.text("MP_EMAIL_VERIFICATION", default="optional")
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("account_login")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True  # one address a person: a new one takes the old one's place when it is confirmed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # tells the person when password, address or second factor changed
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BASE_URL.startswith("https://") else "http"
ACCOUNT_ADAPTER = "workspaces.entrance.Entrance"
ACCOUNT_FORMS = {"signup": "workspaces.forms.entrance.SignUp"}
# Attempts per address of the network and, where it says key, per account; counted in the shared cache.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "10/m/ip",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "10/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/3m/key",
    "reauthenticate": "10/m/user",
    "shared_password": "20/m/ip,5/5m/key",  # of a shared report; the key is the link's
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Measureplan"
USERSESSIONS_TRACK_ACTIVITY = False  # "last seen" would cost every page a write
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
INVITATION_DAYS = 14  # how long an invitation can be accepted

# -- the browser -----------------------------------------------------------------------------------------------
SECURE_COOKIES = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
# A browser keeps cookies by host, not by port: two copies on one machine would sign each other out.
# The prefix lets no other host of the domain set them.
_COOKIES = f"{'__Host-' if SECURE_COOKIES else ''}measureplan{urlsplit(BASE_URL).port or ''}"
SESSION_COOKIE_NAME = f"{_COOKIES}-session"
CSRF_COOKIE_NAME = f"{_COOKIES}-csrf"
LANGUAGE_COOKIE_NAME = f"{_COOKIES}-language"  # what was chosen without being signed in
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = SECURE_COOKIES and env.flag("MP_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_COOKIES else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_COOKIES
SECURE_HSTS_PRELOAD = SECURE_COOKIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "workspaces.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}

# -- words and clocks ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Each named in itself, so that its readers find it. docs/explanation/languages.md says how to add one.
LANGUAGES = [("en", "English"), ("nb", "Norsk bokmål"), ("sv", "Svenska"), ("da", "Dansk")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# -- files -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "measureplan.styles.JoinedStyles"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024  # above the door's own 5 MB limit, so that its answer comes first
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# -- mail ------------------------------------------------------------------------------------------------------
# smtp://user:password@host:port; without it mails are written to a folder of the data directory.
EMAIL_URL = env.text("MP_EMAIL_URL")
if EMAIL_URL:
    vars().update(environ.Env.email_url_config(EMAIL_URL))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mails"
EMAIL_TIMEOUT = 10  # seconds; a mail server that hangs must not hold a page
DEFAULT_FROM_EMAIL = env.text("MP_MAIL_FROM", default="Measureplan <noreply@localhost>")

# -- the API ---------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["workspaces.tokens.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["workspaces.access.Allow"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["workspaces.bodies.StrictJson"],
    "DEFAULT_PAGINATION_CLASS": "workspaces.paging.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "EXCEPTION_HANDLER": "workspaces.problems.handle",
    "DEFAULT_THROTTLE_CLASSES": ["workspaces.throttling.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {"token": env.text("MP_API_RATE", default="1200/min")},
    "NUM_PROXIES": TRUSTED_PROXIES,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Measureplan API",
    "DESCRIPTION": "Plans, goals, tracked events and the reports on them.",
    "VERSION": "v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "GET_LIB_DOC_EXCLUDES": "workspaces.openapi.doc_excludes",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "workspaces.openapi.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": schema_names.ENUMS,
}

# -- metrics ---------------------------------------------------------------------------------------------------
# Whoever shows it as bearer may read /metrics; without it only this machine may.
METRICS_TOKEN = env.text("MP_METRICS_TOKEN")

# -- logs ------------------------------------------------------------------------------------------------------
LOG_JSON = env.flag("MP_LOG_JSON", default=not DEBUG)
LOG_LEVEL = env.text("MP_LOG_LEVEL", default="INFO").upper()
SHARED_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    logs.without_secrets,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SHARED_PROCESSORS,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer() if LOG_JSON else structlog.dev.ConsoleRenderer(colors=False),
            ],
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
# The request's log line carries no address: IP addresses are cut before anything is written, logs included.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *SHARED_PROCESSORS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
