"""What an authority begins with: its folder, then a return, an indicator and a table of its own."""
