"""Authority."""
