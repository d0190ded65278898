"""What imports and references mean: from what a file says to the files and definitions that it means."""
