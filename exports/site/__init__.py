"""The release as pages: static, self-contained, and readable by everyone."""
