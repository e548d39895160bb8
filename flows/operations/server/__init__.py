"""Prefect's server of its own, its settings, and what runs when."""
