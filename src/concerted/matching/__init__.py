"""From gaps to help: which offer could meet which need, why, and what would have to change where none can."""
