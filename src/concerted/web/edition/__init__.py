"""The edition that is being served: which one it is, its tables, its frameworks, places and names.

Nothing here decides who sees what; `scope` joins an edition with a viewer's row filter, and every query starts there.
"""
