"""The operations, one module for what a person comes to do."""
