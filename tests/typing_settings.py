"""The site's settings over no data folder, for the type checker: it needs the models and never opens the registry."""

import os
import tempfile

os.environ.setdefault("CONCERTED_DATA", tempfile.gettempdir())
os.environ.setdefault("CONCERTED_SECRET_KEY", "for the type checker alone, which signs nothing at all")

from concerted.web.config.settings import *  # noqa: F403
