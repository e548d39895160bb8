"""What a sender gets back: a letter, a list, a marked copy."""
