"""Versions of a strategy: what differs, where the old lines go, what becomes of totals. No database and no page."""
