"""The site, to be pointed at one edition after the other."""

from web.conftest import site

__all__ = ["site"]
