"""As much as fits, as text."""
