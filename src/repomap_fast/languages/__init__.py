"""The language table and the tags queries."""
