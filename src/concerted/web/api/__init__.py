"""The programs' interface: all that pages read and write, for programs that carry a token.

It asks the same queries and takes the same actions as the pages do, so it can show and change nothing else.
"""
