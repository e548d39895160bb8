"""What must come of the files, worked out from what was made up, in plain Decimal."""
