"""Ledger, archive and rows held against each other, and the certificate of it."""
