"""Which files are there."""
