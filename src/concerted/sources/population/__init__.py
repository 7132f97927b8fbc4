"""Lists of places: p-codes, points of a gazetteer, and how many people live there."""
