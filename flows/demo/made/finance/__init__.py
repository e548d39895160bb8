"""The ledger, the awards, and what finance sends of them."""
