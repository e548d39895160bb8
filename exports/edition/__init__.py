"""Edition."""
