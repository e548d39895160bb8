"""What the workforce must come to."""
