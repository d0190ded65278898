-module(broken).
first(A) -> A +.
second( -> ok.
third() -> first(1).
