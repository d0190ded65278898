package com.example

inline fun <reified T : Base> List<T>.firstOf(crossinline test: (T) -> Boolean): T? where T : Other {
  return firstOrNull { test(it) } as? T
}

val String.initial: Char get() = first()

fun expression() = compute(1) { value -> value.use() }

suspend fun größe(block: suspend Scope.(Item) -> Unit, map: Map.Entry<Key, Value>) {
  first.second?.third!!.fourth()
  Static.call(named = 1)
  generic<Target>()
  list.map(::transform).filter(String::isBlank)
  left combine right
  1 until limit()
  `quoted name`()
  com.example.Thing()
  if (value is Checked) cast(value as Target)
  when (value) {
    is Matched -> run()
    in range() -> stop()
    else -> throw Failure("x")
  }
  try {
    risky()
  } catch (error: Missing) {
    handle(error)
  } finally {
    close()
  }
  for (item: Item in items()) visit(item)
  val lambda: (Int) -> Result = { number -> wrap(number) }
  val type = Thing::class.java
  array[index()] = 1
  val text = "$simple ${interpolated()}"
}

operator fun Point.plus(other: Point): Point = Point(x + other.x)

@Test
fun `a name with spaces`() {
  assert(true)
}

// Broken code must not take its neighbours along.
fun broken(x: { return }

fun after(): Result = done()
