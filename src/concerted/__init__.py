"""Concerted: one picture of the assistance to a national strategy, counted once, with what is unknown kept apart."""

__version__ = "0.1.0"
