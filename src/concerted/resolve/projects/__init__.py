"""The same project told in other words, and how else two activities belong together."""
