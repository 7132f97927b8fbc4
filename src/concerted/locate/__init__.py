"""Step 4: places to areas of reference, precision, and shares that sum to one."""
