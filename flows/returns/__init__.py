"""From a file to typed rows: contracts, readers, header matching, typing."""
