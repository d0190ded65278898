"""What a map shows of what is about to be changed, beside aider's map."""
