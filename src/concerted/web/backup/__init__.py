"""Backup, restore and upgrade: one file holds what nobody could compute again.

Place on the way: beside the site. Enters: the registry and a data folder. Leaves: a zip file that another machine, or
the other database, is filled from. What can be computed (caches, editions that nobody names) stays out.
"""
