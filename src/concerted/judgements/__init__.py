"""What people decided: rows that are never recomputed, can be undone, and enter every edition made after them."""
