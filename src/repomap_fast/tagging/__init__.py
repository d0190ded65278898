"""The tags of each file."""
