"""What the demo must come to, worked out apart from the pipeline, and compared with it."""
