"""Who there is, when, and how files are written down."""
