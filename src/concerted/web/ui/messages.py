"""Compile the site's translations; Babel does it, so that no gettext tools are needed on the machine."""
