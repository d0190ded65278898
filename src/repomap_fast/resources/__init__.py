"""Memory, processors and their limits."""
