@file:JvmName("Stores")

package com.example.store

import com.example.model.Item
import com.example.model.Other as Renamed
import com.example.everything.*

const val LIMIT = 10
private val names: Map<String, List<Item>> = buildMap()
var current by lazy { create() }

@Component("store")
@Deprecated
abstract class Store<T : Any>(
  private val service: Service = defaultService,
  var count: Int,
  plain: Plain,
) : Base<T>(plain), Reader, io.Writer<T> where T : Closeable {
  val size: Int
    get() = service.size()
  lateinit var cache: Cache<String, Entry?>
  var state: State = State.Idle
    private set

  init {
    register(this)
  }

  constructor(service: Service) : this(service, 0, Plain()) {
    start()
  }

  override fun load(key: Key, vararg options: store.Option): Result<T>? {
    val local = 1
    val (first, second) = pair()
    val listener = object : Listener(), Other {
      val seen = 0
      override fun heard(event: Event) = notify(event)
    }
    fun nested() = local
    return null
  }

  abstract fun find(): T

  inner class Inner {
    fun deep() {
      helper.call()
    }
  }

  companion object {
    const val DEPTH = 3
    fun create(): Store<Item> = Factory.make()
  }
}

data class Point(val x: Int, val y: Int = 0)

sealed interface Shape : Drawable {
  object Empty : Shape
  data class Circle(val radius: Double) : Shape
}

enum class Color(val rgb: Int) : Named {
  RED(1),
  GREEN(2) {
    override fun label() = "green"
  },
  BLUE;

  val code = rgb.toString()

  open fun label() = name.lowercase()
}

object Registry : Base() {
  private val items = mutableListOf<Item>()

  fun register(item: Item) {
    items += item
  }
}

class Named {
  companion object Factory : Maker<Named> {
    val shared = Named()
  }
}

annotation class Marker(val name: String)
typealias Handler<T> = (T, Event) -> Unit
fun interface Action {
  fun run()
}
val (_, second) = pair()
val `_` = 1
