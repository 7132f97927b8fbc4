"""Two gates at most: a partner's signer signs off versions of records, the secretariat validates them.

Nothing waits for them: what is saved is in the picture that organisations see at once, and says how far it has come.
"""
