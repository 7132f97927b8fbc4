"""Dated exchange rates that need no network: the ECB's daily file, fixed parities and a small yearly table."""
