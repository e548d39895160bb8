"""Contracts, what was promised under them, and what procurement sends."""
