// What the parser cannot make sense of must not take its neighbours along.
class Before {
    func method() { helper.call(1) }
}

class Broken {
    func open() { run(1, , 2) }
    func later() -> Int { return other() }
}

let half: = 1

class After: Base {
    func last() { done() }
}
