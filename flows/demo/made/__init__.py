"""Everything that is made up: who there is, what they do, and the files that they send."""
