"""One table of all tags."""
