"""What other apps may listen to. Nothing here carries words that somebody wrote."""

from django.dispatch import Signal

#: Words were refused, or must be answered for: `found` = (kind, severity) of each, `channel` = the door.
words_refused = Signal()
