"""What an authority says of itself, and its folder laid over what ships."""
