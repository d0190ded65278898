include "stock.thrift"
namespace py shop

const i32 LIMIT = 10
typedef list<Item> Items

enum State {
  OPEN = 1,
  CLOSED = 2
}

struct Item {
  1: required string name,
  2: optional State state
}

union Either { 1: Item item }
exception SoldOut { 1: string why }

service Shop extends stock.Base {
  Items all(1: i32 n) throws (1: SoldOut out),
  oneway void close()
}
