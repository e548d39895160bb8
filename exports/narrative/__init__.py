"""Sentences made of table cells: templates that people edit, and the sentences they give."""
