"""Drop-in replacements for the classes of other repo maps: their calls, answered by our steps."""
