"""Django's settings. Everything that differs between deployments comes from `CONCERTED_*` variables, read here once.

The registry holds what people say and decide; an edition, which is read only, holds what was worked out. A page of an
edition asks the registry for nothing unless its reader is signed in.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from concerted.model.errors import ConfigError
from concerted.web.config.database import database
from concerted.web.config.mail import mail
from concerted.web.config.queues import QUEUES
from concerted.web.config.secret import secret_key, setting

WEB = Path(__file__).resolve().parent.parent


def _data_folder() -> Path:
    stated = os.environ.get("CONCERTED_DATA")
    if not stated:
        raise ConfigError("CONCERTED_DATA is not set; expected the data folder that holds `current` and `editions/`")
    return Path(stated).resolve()


def _switch(name: str) -> bool:
    stated = os.environ.get(name, "").lower()
    if stated not in ("", "0", "1", "no", "yes", "false", "true", "off", "on"):
        raise ConfigError(f"{name} is {stated!r}; expected 1 or 0")
    return stated in ("1", "yes", "true", "on")


def _number(name: str, otherwise: int) -> int:
    stated = os.environ.get(name, str(otherwise))
    if not stated.isdecimal():
        raise ConfigError(f"{name} is {stated!r}; expected a whole number")
    return int(stated)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


CONCERTED_DATA = _data_folder()
#: Invented data and accounts whose passwords were printed: every page says so.
CONCERTED_DEMO = _switch("CONCERTED_DEMO")
#: Whoever writes or releases needs a second factor; only a demonstration may be let off.
CONCERTED_SECOND_FACTOR = os.environ.get("CONCERTED_SECOND_FACTOR", "on").lower() != "off"
if not CONCERTED_SECOND_FACTOR and not CONCERTED_DEMO:
    raise ConfigError("CONCERTED_SECOND_FACTOR=off is for a demonstration only (CONCERTED_DEMO=1)")
#: The pages are reached over TLS, spoken by the server before this one.
CONCERTED_TLS = _switch("CONCERTED_TLS")

DEBUG = False
SECRET_KEY = secret_key(CONCERTED_DATA)
SECRET_KEY_FALLBACKS = [key for key in setting("CONCERTED_SECRET_KEY_BEFORE").split(",") if key]
ALLOWED_HOSTS = [h for h in os.environ.get("CONCERTED_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]

_OIDC = os.environ.get("CONCERTED_OIDC_ISSUER", "")
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "concerted.web.config",
    "concerted.web.ui",
    "concerted.web.audit",
    "concerted.web.accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(("allauth.socialaccount", "allauth.socialaccount.providers.openid_connect") if _OIDC else ()),
    "concerted.web.sharing",
    "concerted.web.chain",
    "concerted.web.coverage",
    "concerted.web.what_if",
    "concerted.web.registry",
    "concerted.web.reports",
    "django_tasks",
    "django_tasks_db",
    "concerted.web.workspace",
    "concerted.web.api",
    "concerted.web.asks",
    "concerted.web.strategy",
    "concerted.web.safeguards",
    "concerted.web.validation",
    "concerted.web.inbox",
    "concerted.web.desk",
    "concerted.web.precedence",
    "concerted.web.packages",
    "concerted.web.release",
    "concerted.web.matches",
    "concerted.web.home",
    "concerted.web.alerts",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",  # outside the page cache: kept pages get their length too
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "concerted.web.config.middleware.scope",
    "concerted.web.config.page_cache.page_cache",
]
ROOT_URLCONF = "concerted.web.config.urls"
WSGI_APPLICATION = "concerted.web.config.wsgi.application"
DATABASES = {"default": database(setting("CONCERTED_DATABASE"), CONCERTED_DATA)}
# What takes longer than an answer may is done beside the site, by workers that the server starts with it: one for each
# queue, so that what takes minutes keeps no picture waiting.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": list(QUEUES)}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Limits on guessing count in the registry, so that all workers share them and a restart forgets none.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "config_counter",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["concerted.web.ui.context.page"],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "concerted.web.ui.templatetags.show",
            ],
        },
    }
]
FORM_RENDERER = "concerted.web.ui.rendering.Renderer"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English")), ("ar", _("Arabic"))]
LOCALE_PATHS = [WEB / "ui" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("CONCERTED_STATIC")
# With a folder of collected files names carry their hash; without one they are found where they lie.
_STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {"staticfiles": {"BACKEND": _STORAGE if STATIC_ROOT else _PLAIN}}
WHITENOISE_USE_FINDERS = not STATIC_ROOT

# --- who signs in, and how -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["concerted.web.accounts.backend.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name")}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_ENGINE = "concerted.web.accounts.sessions"
#: A working day. A session is not made longer by using it, so no page writes to the registry for its sake.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "concerted_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_NAME = "concerted_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "concerted.web.ui.pages.no_token"

ACCOUNT_ADAPTER = "concerted.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "concerted.web.accounts.adapter.display"
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account comes from an invitation that a person of the organisation gave
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "overview"
ACCOUNT_SESSION_REMEMBER = True  # the cookie's age is the session's; the box to choose it is not shown
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key", "reauthenticate": "10/m/user"}
ALLAUTH_TRUSTED_PROXY_COUNT = _number("CONCERTED_PROXIES", 1 if CONCERTED_TLS else 0)
MFA_ADAPTER = "concerted.web.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Concerted"
MFA_TOTP_TOLERANCE = 1  # the clock of a phone may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False

if _OIDC:
    SOCIALACCOUNT_ADAPTER = "concerted.web.accounts.adapter.SingleSignOnAdapter"
    SOCIALACCOUNT_ONLY = False
    SOCIALACCOUNT_LOGIN_ON_GET = False
    # The address that the provider vouches for finds the account; it never makes one.
    SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    SOCIALACCOUNT_STORE_TOKENS = False
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "sso",
                    "name": os.environ.get("CONCERTED_OIDC_NAME", "OpenID Connect"),
                    "client_id": os.environ.get("CONCERTED_OIDC_CLIENT_ID", ""),
                    "secret": setting("CONCERTED_OIDC_CLIENT_SECRET"),
                    "settings": {"server_url": _OIDC},
                }
            ],
        }
    }

# Digests alone leave, by the connection that `web/alerts` opens: what libraries would send goes nowhere, and links that
# open accounts are passed on by people.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
CONCERTED_MAIL = mail(
    setting("CONCERTED_MAIL"), os.environ.get("CONCERTED_MAIL_FROM", ""), os.environ.get("CONCERTED_SITE", "")
)

# --- what a browser may do -------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        # Chromium holds a form to this list through every redirect, so the sign-in service must stand in it.
        "form-action": [SELF, *([_origin(_OIDC)] if _OIDC else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not `no-referrer`: under it a browser sends `Origin: null` with our own forms, and every one of them is refused.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = CONCERTED_TLS
if CONCERTED_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
# W021 wants `preload`: it lets anybody put the host's domain on the browsers' lists, which takes months to undo.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
