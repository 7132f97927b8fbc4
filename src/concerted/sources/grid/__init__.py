"""Rows of cells, from CSV and workbooks alike, and the statements made of them; HXL and plain sheets share it."""
