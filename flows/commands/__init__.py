"""The verbs of the `social-value` command, by who uses them; `flows/commands/cli.py` runs them.

Each module has an `app` of its own; heavy imports stand inside the words that need them.
"""
