"""Stand-ins for the classes of other repo maps: their calls, answered by our steps."""
