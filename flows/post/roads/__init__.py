"""One module a kind of source: what lies there, fetching it, and putting it away."""
