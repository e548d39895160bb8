"""What must be hidden, and the proof: what an attacker can still work out of what is shown."""
