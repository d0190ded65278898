"""What imports mean: from what a file says it imports to the files that it means."""
