"""The site as a WSGI application. It refuses to start when an endpoint has no declared policy."""

import os
import threading

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concerted.web.config.settings")

application = get_wsgi_application()

from concerted.web.accounts import holding  # noqa: E402
from concerted.web.config.middleware import current  # noqa: E402 (needs the settings)
from concerted.web.config.policy import undeclared  # noqa: E402
from concerted.web.config.warming import warm  # noqa: E402

if bare := undeclared():
    raise ImproperlyConfigured(
        f"these addresses have views without a declared policy: {', '.join(bare)};"
        " put @declares(Access.RECORDS), @declares(Access.OPEN) or @acts(..) above each"
    )

if unsaid := holding.undeclared():
    raise ImproperlyConfigured(
        f"these refer to accounts and do not say what that means: {', '.join(unsaid)};"
        " put @people(..) of concerted.web.accounts.holding above each model"
    )

if served := current().released():
    threading.Thread(target=warm, args=(served.edition,), daemon=True).start()
