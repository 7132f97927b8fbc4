"""People and partners: who signs in, for which organisation, with which roles, and how that is handed on.

`roles` is the list of roles and duties and what they rank; `actions` writes, `queries` reads, `person` turns a session
into the viewer that every query of the site takes. Other apps of the workspace stand on this one, it on `audit` alone.
"""
