import gleam/list.{map}
import shop/stock

pub const limit = 10

pub type Item {
  Item(name: String, price: Int)
  Gone
}

pub type Items = List(Item)

@external(erlang, "shop", "raw")
pub fn raw(x: Int) -> Int

pub type Socket

pub fn total(items: Items) -> Int {
  items
  |> map(fn(item) { price_of(item) })
  |> list.fold(0, stock.add)
}

fn price_of(item: Item) -> Int {
  case item {
    Item(_, price) -> raw(price)
    Gone -> total([Item("tea", 1)])
  }
}
