"""The owner of the strategy decides which edition the public is shown, with a note; and may take it back, openly."""
