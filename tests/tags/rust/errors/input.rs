// What the parser cannot make sense of must not take its neighbours along.
struct Before {
    first: u32,
}

impl Before {
    fn method(&self) { helper.call(1); }
}

fn open() { run(; }

struct Unfinished {
    size: ,
    name: String
}

struct After(Base);

fn last() -> After { done() }
