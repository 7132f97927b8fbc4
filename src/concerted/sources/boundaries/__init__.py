"""Boundaries of administrative areas, with names and codes, at several levels and dates."""
