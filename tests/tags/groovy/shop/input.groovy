package shop

class Stock extends Base implements Countable {
    String name
    static final int LIMIT = 10

    int total(List items) {
        items.sum { add(it) }
    }

    private void add(item) {
        new Item(item)
    }

    def "a feature of the stock"() {
        expect: total([]) == 0
    }
}

interface Countable {
    int total(List items)
}

enum State { OPEN, CLOSED }

def report(x) {
    println x
}

android {
    storeFile file('debug.keystore')
    executable file(path)
    String nothing(int a, List<String> b)
}
