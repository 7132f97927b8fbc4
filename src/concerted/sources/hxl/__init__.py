"""HXL-tagged 3W, 4W and 5W tables: who does what where."""
