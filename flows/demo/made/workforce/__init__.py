"""The employees of both employers, and the returns about them."""
