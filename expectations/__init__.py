"""What must be true of a return, and the judge that looks."""
