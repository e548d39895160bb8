"""Made."""
