"""What was spent, invested and paid in time."""
