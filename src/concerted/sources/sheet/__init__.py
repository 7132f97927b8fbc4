"""Sheets without tags, read as their `mapping:` in source.yml says."""
