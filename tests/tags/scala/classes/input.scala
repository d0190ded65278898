package com.example.store

import com.example.model.Item
import com.example.{First, Second => Renamed, _}
import com.example.everything._

object Main extends App with Logging {
  val Limit = 10
  def main(args: Array[String]): Unit = println(Limit)
}

@deprecated("x")
case class Store[K <: Key, +V](name: String, private val cache: Cache[K] = make())(implicit context: Context[V])
    extends Base[K](name) with Reader with io.Writer[V] {
  val size: Int = compute(1)
  var first, second: Item = _
  lazy val slow = new Slow(size)
  val (left, right) = pair
  type Table = Map[String, Entry]
  type Abstract <: Bound

  def this(count: Int) = this(count.toString)

  def find[T: Ordering](key: K, default: => V, rest: Item*)(implicit reader: Reader[T]): Option[V] = {
    val local = 1
    var alsoLocal = 2
    def nested() = local
    key.first(1).second
    left combine right
    Static.call(local)
    val listener = new Listener[Event] { def heard(event: Event): Unit = notify(event) }
    key.asInstanceOf[Target]
    key match {
      case Point(x, _) => run(x)
      case other: Matched => other.use()
    }
    try risky() catch { case error: Failure => throw new Wrapped(error) }
    for { item <- items(); part <- item.parts() } yield part
  }

  def abstractly: Int
  override def +(other: Store[K, V]): Store[K, V] = ???
  private[this] class Inner { val deep = 1 }
  object Nested
}

sealed trait Shape[F[_]] extends Drawable { self: Sized =>
  def area(): Double
  val name: String
  var mutable: State
}

abstract class Largest(val größe: Int)
class Function extends (Int => Result)

package object helpers {
  implicit class Rich(val text: String) extends AnyVal { def shout: String = text.toUpperCase }
  implicit val ordering: Ordering[Item] = Ordering.by(_.name)
}
