"""One settings file for every profile; see `config/env.py` for what the environment may say."""

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django_stubs_ext import monkeypatch

from config.env import BASE_DIR, read_environment

monkeypatch()

ENV = read_environment()
PROFILE = ENV.profile
PRODUCTION = PROFILE == "production"
DATA_DIR: Path = ENV.data_dir
SHARED_DATA: Path = ENV.shared_data

SECRET_KEY = ENV.secret_key or "only-for-local-use-and-tests-make-run-writes-a-real-one-under-var"
DEBUG = False
ALLOWED_HOSTS = ENV.hosts if PRODUCTION else [*ENV.hosts, "localhost", "127.0.0.1", "[::1]", "testserver"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "csp",
    "axes",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "apps.core",
    "apps.accounts",
    "apps.projects",
    "apps.prompts",
    "apps.generation",
    "apps.rating",
    "apps.quality",
    "apps.datasets",
    "apps.overview",
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
    "django_htmx.middleware.HtmxMiddleware",
    "apps.core.middleware.explain_errors",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
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
            "builtins": [
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "apps.core.templatetags.touchstone",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        ENV.database_url or "postgresql://postgres@localhost/touchstone", conn_health_checks=True
    )
}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    # A statement that a connection has met before is not planned again: half of a page's time in there.
    "server_side_binding": True,
    "prepare_threshold": 3,
}
if PROFILE != "test":
    # A pool belongs to one process; every web thread and worker borrows from it.
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 20}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# An uploaded file may have so many bytes, and a packed one may unpack to so many.
IMPORT_LIMIT = ENV.import_limit_mb * 1_000_000
IMPORT_UNPACKED_LIMIT = 10 * IMPORT_LIMIT
# Folders of the server (for site admins) and hub ids on the page; the command line always may.
ALLOW_DATASET_IMPORTS = ENV.allow_dataset_imports if ENV.allow_dataset_imports is not None else not PRODUCTION

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
        ("MinimumLengthValidator", {"min_length": 8}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
PASSWORD_RESET_TIMEOUT = 24 * 3600
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "overview:start"
LOGOUT_REDIRECT_URL = "accounts:login"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_USERNAME_FORM_FIELD = "username"  # our form's name for the address; without it nobody is ever locked out
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "apps.accounts.views.show_lockout"
AXES_RESET_ON_SUCCESS = True
# The page promises a time; who tries again before it does not push it away.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "apps.accounts.throttling.get_client_address"
AXES_VERBOSE = False
if PROFILE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- mail: to a folder, unless a server is set -----------------------------------------------------
DEFAULT_FROM_EMAIL = ENV.email_from
if ENV.email_host:
    EMAIL_HOST, EMAIL_PORT = ENV.email_host, ENV.email_port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENV.email_user, ENV.email_password
    EMAIL_USE_TLS = ENV.email_use_tls
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

# --- background work --------------------------------------------------------------------------------
CELERY_BROKER_URL = ENV.celery_broker_url or "redis://localhost:6379/0"

# --- safety -----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
if ENV.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A curator may point a model at an address; private ones are refused unless the operator allows them.
ALLOW_PRIVATE_ENDPOINTS = (
    ENV.allow_private_endpoints if ENV.allow_private_endpoints is not None else not PRODUCTION
)

# --- the API ----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "apps.core.json_bodies.StorableJSONParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "6000/min" if PROFILE == "test" else "1200/min"},
    "EXCEPTION_HANDLER": "apps.core.api.explain_api_error",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Touchstone",
    "DESCRIPTION": "Prompts in, human preferences collected, datasets out.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "FlagKindEnum": "apps.rating.models.FlagKind",
        "RunStatusEnum": "apps.generation.models.RunStatus",
        "ImportStatusEnum": "apps.prompts.models.imports.ImportStatus",
        "PersonalDataPolicyEnum": ["mask", "hold", "keep"],
        "KeepOrLeaveOutEnum": ["keep", "leave_out"],
        "ArrivalStatusEnum": ["approved", "draft"],
        "PromptJobKindEnum": "apps.prompts.models.prompt_jobs.JobKind",
        "PromptJobStatusEnum": "apps.prompts.models.prompt_jobs.JobStatus",
        "PromptStatusEnum": "apps.prompts.models.PromptStatus",
        "TargetFieldEnum": "apps.prompts.models.desk.TargetField",
    },
}

# --- files, time, words ------------------------------------------------------------------------------
STATIC_URL = "static/"
# Collected for production only, and beside the code: a data volume would keep an older release's files.
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = (
    not PRODUCTION
)  # a file that is edited would else break off: its length is remembered
LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"apps": {"level": "INFO"}, "axes": {"level": "WARNING"}},
}
