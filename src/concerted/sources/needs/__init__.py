"""Needs and offers: sheets in the words of `codelists/need_words.yml`, and documents of the workspace."""
