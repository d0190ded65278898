proc before(x: int): int = x
proc middle(((
proc after(y: int): int = before(y)
