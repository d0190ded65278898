Item {
    function before() { return 1 }
    property int x: (((
    function after() { return before() }
}
