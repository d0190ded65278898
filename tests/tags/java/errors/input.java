// What the parser cannot make sense of must not take its neighbours along.
class Before {
    void method() { helper.call(1); }
}

class Broken {
    int field = ;
    void open( {
        run(;
    }
    int after() { return other(); }
}

class After extends Base {
    String text = "one" + ;
    void last() { done(); }
}
