"""How true is "who refers to whom", beside what type checkers say."""
