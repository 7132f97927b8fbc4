"""Django's settings. The site has no database, no sessions and no accounts yet: it reads one edition and shows it.

Everything that differs between deployments comes from `CONCERTED_*` variables, read here once.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from concerted.model.errors import ConfigError

WEB = Path(__file__).resolve().parent.parent


def _data_folder() -> Path:
    stated = os.environ.get("CONCERTED_DATA")
    if not stated:
        raise ConfigError("CONCERTED_DATA is not set; expected the data folder that holds `current` and `editions/`")
    return Path(stated).resolve()


CONCERTED_DATA = _data_folder()
DEBUG = False
# Nothing is signed yet; a key of its own per process is therefore safe and needs no secret to be kept.
SECRET_KEY = os.environ.get("CONCERTED_SECRET_KEY") or get_random_secret_key()
ALLOWED_HOSTS = [h for h in os.environ.get("CONCERTED_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "concerted.web.config",
    "concerted.web.ui",
    "concerted.web.chain",
    "concerted.web.coverage",
    "concerted.web.registry",
    "concerted.web.reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",  # outside the page cache: kept pages get their length too
    "django.middleware.locale.LocaleMiddleware",
    "concerted.web.config.middleware.scope",
    "concerted.web.config.page_cache.page_cache",
]
ROOT_URLCONF = "concerted.web.config.urls"
WSGI_APPLICATION = "concerted.web.config.wsgi.application"
DATABASES: dict[str, dict[str, str]] = {}
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

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
