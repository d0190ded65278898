import QtQuick 2.15
import shop.stock as Stock

Item {
    id: root
    property int limit: 10
    signal sold(string name)
    enum State { Open, Closed }
    component Price: Text { text: "1" }

    function total(items) {
        root.report(items)
        return add(1)
    }

    Stock.List {
        id: list
        Price { id: price }
    }
}
