"""A package: parts of several partners towards one objective. Its order, its budget, its gaps, its risks; no database.

`parts` says what a part is, `order` which waits for which and what that takes, `budget` what it costs, counted once,
`gaps` what nobody does yet, `leaving` what goes with a partner. Whoever calls gives the parts that one reader may see:
nothing here knows of others, so nothing of them can be told.
"""
