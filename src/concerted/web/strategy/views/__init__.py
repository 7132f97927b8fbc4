"""Pages of the strategy's life."""
