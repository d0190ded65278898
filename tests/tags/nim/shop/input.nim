import std/tables
from stock import count

type
  Item* = ref object of RootObj
    name*: string
    price: int
  State = enum open, closed

const limit* = 10
var items*: seq[Item]

proc total*(items: seq[Item]): int =
  let sum = add(items)
  result = sum.round(1)

func price(item: Item): int = item.price
method report(item: Item) = echo item.name
template twice(x: untyped) = x
macro make(x: untyped): untyped = x
iterator each*(n: int): int = yield n
proc `+`*(a, b: Item): Item = a
