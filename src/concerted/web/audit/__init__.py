"""What was done, by whom, on whose data: a log that only grows, in which each entry holds the digest of the one before.

It holds ids and kinds, and no content: neither a value that was changed nor a text that was read. `actions.record`
writes, `chain` says what a digest is of, `queries` reads and proves the chain. It stands on no other app.
"""
