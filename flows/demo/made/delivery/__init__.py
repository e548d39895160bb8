"""What suppliers, directorates and posts deliver, and how they say so."""
