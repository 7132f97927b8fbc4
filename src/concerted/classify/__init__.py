"""Step 5: which framework nodes a statement serves, with evidence; the PVE marker; the language of its texts."""
