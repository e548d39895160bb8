"""Answers: what became of a sender's files goes back to him by the road they came."""
