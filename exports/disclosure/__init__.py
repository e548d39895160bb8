"""Disclosure control: no release tells of a person what should not be told."""
