"""The first page of who is signed in: what waits, what the picture says to this role, what can be done here."""
