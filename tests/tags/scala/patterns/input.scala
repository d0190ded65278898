val (a, b) = (1, 2)
val (c, (d, e)) = nested
val Some(f) = opt
val g @ List(_) = list
val h: Int = 1
var (i, j) = (3, 4)
object F {
  val Array(k, l) = parse()
  val m @ Some(_) = o
  val (n, o) = pair
  val p, q = 1
  def inner = {
    val (local, other) = pair
    local
  }
}
