import 'package:shop/store.dart';

abstract class Cart extends Base with Sorted implements Iterable<Item> {
  final int count = 1;
  static const limit = 2;
  late String name;
  Cart(this.name);
  Cart.empty();
  const Cart.fixed(this.name);
  factory Cart.of(int a) => Cart('x');
  int add(Item item) {
    check(item);
    store.put(item);
    return total(item);
  }
  get size => 1;
  set size(v) {}
  void later();
  operator ==(o) => true;
}

mixin Sorted on Base { void sort() {} }
enum Color { red, green }
extension Extra on Cart { void more() {} }
typedef Handler = void Function(int);
const top = 1;
final made = build();
var counter = 0;

void main(List<String> args) async {
  var cart = new Cart('x');
  print(cart);
  await run();
}

abstract class Sum {
  Sum operator +(Sum other) => other;
  bool operator ==(Object other);
  int operator [](int i) => 1;
}
