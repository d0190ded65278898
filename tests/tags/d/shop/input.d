module shop.stock;
import std.stdio, shop.base : count;

struct Item {
    string name;
    int price = 1;
    this(string name) { this.name = name; }
    int total() { return add(price); }
}

class Stock : Base, Countable {
    private int limit = 10;
    override int total() { return twice!int(limit); }
}

interface Countable { int total(); }
enum State { open, closed }
enum limit = 10;
alias Items = Item[];
int counter;

T twice(T)(T x) { return x; }

void main(string[] args) {
    auto stock = new Stock;
    int local = 1;
    stock.total();
    writeln(local);
}

unittest { int inner; assert(1); }
