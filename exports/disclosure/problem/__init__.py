"""The problem that tables of people pose: what is counted in them, and how it hangs together."""
