"""What leads a home from the schema of an earlier version to the next one, a module a step."""
