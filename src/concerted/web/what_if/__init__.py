"""What if: changes tried on the picture, seen by each with his own eyes, and lists of them that people keep."""
