// What the parser cannot make sense of must not take its neighbours along.
class Before {
  def method(): Unit = helper.call(1)
}

class Broken {
  val field: Int =
  def open( = {
    run(
  }
  def later(): Int = other()
}

class After extends Base {
  val text = "one" +
  def last(): Unit = done()
}
