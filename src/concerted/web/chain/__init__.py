"""The chain of money: each amount once, who stands between, and what is not known."""
