"""What people keep in the workspace, as a source like any other: statements, one JSON document in each line."""
