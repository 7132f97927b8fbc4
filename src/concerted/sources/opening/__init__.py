"""How inputs are found and opened: walking folders, zip archives, addresses, limits while reading."""
