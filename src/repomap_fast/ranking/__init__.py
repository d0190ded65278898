"""What matters for the task."""
