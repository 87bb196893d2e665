"""Django settings, all of them derived from the instance's config.toml (ats.config)."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ats.config import Config

CONFIG = Config.load()


def _is_trusted() -> bool:
    """Whether somebody else than we signed the certificate."""
    from ats import certificates  # here: an eighth of a second at every start, and only HTTPS wants to know

    found = certificates.present(CONFIG)
    return found is not None and not found.self_signed


SECRET_KEY = CONFIG.secret_key
DEBUG = False
ALLOWED_HOSTS = ["*"]  # bound to one address by the instance's `listen`; no host-based routing here
ROOT_URLCONF = "ats.urls"
ASGI_APPLICATION = "ats.asgi.application"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "ninja",  # only so that its documentation page comes with our own copies of its scripts
    "ats.textsearch",
    "ats.audit",
    "ats.mail",
    "ats.system",
    "ats.clients",
    "ats.limits",
    "ats.numbering",
    "ats.ports",
    "ats.media",
    "ats.forwarding",
    "ats.pickup",
    "ats.codes",
    "ats.classifiers",
    "ats.queues",
    "ats.remote",
    "ats.menus",
    "ats.mailboxes",
    "ats.faxes",
    "ats.conferences",
    "ats.radius",
    "ats.billing",
    "ats.engine",
    "ats.calls",
    "ats.webhooks",
    "ats.campaigns",
    "ats.recordings",
    "ats.backups",
    "ats.api",
]
MIDDLEWARE = [
    "ats.api.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
AUTH_USER_MODEL = "clients.User"
AUTHENTICATION_BACKENDS = ["ats.clients.backend.LoginBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

SESSION_ENGINE = "ats.clients.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.https
# Browsers are told to come by HTTPS only, but not because of a certificate they do not trust: they would then let
# nobody in any more.
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if CONFIG.https and _is_trusted() else 0
# Cookies know no ports: two installations on one machine would log each other out.
SESSION_COOKIE_NAME = "sessionid" if CONFIG.web_port == 8080 else f"sessionid{CONFIG.web_port}"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"


def _database(url: str) -> dict[str, object]:
    """Django's dict for `sqlite:///path` or `postgres://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(unquote(parts.path))),
            "OPTIONS": {
                # A writer takes its lock at BEGIN: a read that later turns into a write cannot fail half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        # The web process serves each request in a thread of its own, where a kept connection would never be
        # used again: it has a pool instead. The other processes are a few long-lived threads.
        **(
            {
                "CONN_MAX_AGE": 0,
                # The pool would hand out connections to a server that has died since, one by one.
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": {"pool": {"min_size": 1, "max_size": 20, "timeout": 10}},
            }
            if os.environ.get("ATS_PROCESS") == "web"
            else {"CONN_MAX_AGE": 60}
        ),
    }


DATABASES = {"default": _database(CONFIG.db_url)}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.request": {"level": "ERROR"},  # a 404 is the client's affair, not ours
    },
}

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # our static files are ninja's few: no collectstatic step is needed
WHITENOISE_ROOT = str(CONFIG.web_dir) if CONFIG.web_dir.is_dir() else None
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/"  # Vite puts a hash into these names
WHITENOISE_ALLOW_ALL_ORIGINS = False
