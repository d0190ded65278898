package example

import other.*
import other.thing as renamed

enum Color(val rgb: Int) extends Named:
  case Red extends Color(1)
  case Green, Blue
  case Mixed(mix: Int)

val top = 1
var counter: Counter = Counter()
def function(value: First | Second & Third): p.Result = compute(value)

class Indented:
  def method =
    helper.call(1)
  val field = 2
end Indented

extension (text: String) def initial(using context: Context): Char = text.head

opaque type Id = Long
type Handler = (Event, Item) => Result

inline def inlined(using Show[Int]): Shown = summon[Shown]
given ordering: Ordering[Int] = make()

// Broken code must not take its neighbours along.
def broken(x: = {
def after(): Result = done()
