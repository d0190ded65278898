"""Drawing: as much as fits, as text."""
