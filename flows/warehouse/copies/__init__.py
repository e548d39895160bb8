"""Copies of the warehouse: made, put back, and as it was at a moment."""
