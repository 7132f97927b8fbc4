"""The strategy's life: versions, what differs, where old lines go, how frameworks relate."""
