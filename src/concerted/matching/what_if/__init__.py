"""What if: the picture with money moved, projects added or ended, costs or the rule changed; nothing is saved.

Place on the way: beside matching, on a finished edition. `changes` says what may be changed, `written` how a list of
changes stands in a file, a message or an address, `ground` which part of the picture a change falls in, `applying` what
the changes do together as far as one viewer may see, `effect` the result for every cell, `sandbox` all of it on an
edition for the command line. What is not in the viewer's own cells enters nothing.
"""
