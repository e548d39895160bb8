"""What social value must come to: promised, delivered, counted and put in money."""
