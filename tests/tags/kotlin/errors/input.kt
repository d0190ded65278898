// What the parser cannot make sense of must not take its neighbours along.
class Before {
    fun method() { helper.call(1) }
}

class Broken {
    val field: Int =
    fun open( {
        run(
    }
    fun later(): Int = other()
}

class After : Base() {
    val text = "one" +
    fun last() { done() }
}

fun end() = first()
