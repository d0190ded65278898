"""Whether the definitions that we find are those that a language's own tools see."""
